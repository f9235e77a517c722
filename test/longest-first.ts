/** The order of test files: those that may take longest come first, so that short ones fill what is left of every core at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files of projects with a long `testTimeout` first; each project's files stay together, by name. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const nameOf = ({ project, moduleId }: TestSpecification): string => `${project.name} ${moduleId}`
    return [...files].sort(
      (a, b) =>
        b.project.config.testTimeout - a.project.config.testTimeout || (nameOf(a) < nameOf(b) ? -1 : 1),
    )
  }
}
