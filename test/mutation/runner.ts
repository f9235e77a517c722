/**
 * Vitest's runner for mutation testing: every test runs as it is, which tells the mutants that it reaches, and then again with each of
 * those that still live. All in one process, so that a mutant costs the test alone.
 */
import type { RunnerTestCase } from 'vitest'
import { VitestTestRunner } from 'vitest/runners'
import { openJournal } from './journal.ts'

/** What instrumented sources read and write: see StrykerJS's instrumenter. */
interface Switches {
  activeMutant?: string
  currentTestId?: string
  /** How often a mutant was asked for, and how often it may be: see scripts/mutation/mutants.mjs. */
  calls?: number
  callLimit?: number
  mutantCoverage?: {
    static: Record<string, number>
    perTest: Record<string, Record<string, number>>
  }
}

const {
  LAPERM_MUTATION_JOURNAL: path,
  LAPERM_MUTANTS: ofFiles = '{}',
  LAPERM_STATIC_MUTANT: only,
} = process.env
if (path === undefined) throw new Error('mutation testing is run by `npm run test:mutation`')
const journal = openJournal(path)
/** Of each mutant the folder of its package: another package's tests do not judge it. */
const packageOf: Readonly<Record<string, string>> = JSON.parse(ofFiles)
const dead = new Set(
  journal.entries.flatMap((entry) =>
    entry.kind === 'killed' || entry.kind === 'hung' ? [entry.mutant] : [],
  ),
)
const done = new Set(journal.entries.flatMap((entry) => (entry.kind === 'done' ? [entry.test] : [])))

const globals = globalThis as typeof globalThis & { __stryker__?: Switches }
const switches: Switches = (globals.__stryker__ ??= {})
if (only !== undefined) switches.activeMutant = only

/** More often than a loop that ends: times the calls without the mutant. */
const CALL_FACTOR = 10

const nameOf = (test: RunnerTestCase): string => `${test.file.name} > ${test.fullTestName ?? test.name}`

export default class MutationRunner extends VitestTestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const name = nameOf(test)
    const run = async (): Promise<void> => VitestTestRunner.getTestFn(test)()
    if (only !== undefined) {
      if (dead.has(only)) return
      journal.append({ kind: 'tried', mutant: only, test: name })
      await run().catch((error: unknown) => {
        dead.add(only)
        journal.append({ kind: 'killed', mutant: only, test: name })
        throw error
      })
      return
    }
    if (done.has(name)) return
    Object.assign(switches, { currentTestId: name, calls: 0 })
    await run()
    delete switches.currentTestId
    const callLimit = 100_000 + CALL_FACTOR * (switches.calls ?? 0)
    const { [name]: hits = {} } = switches.mutantCoverage?.perTest ?? {}
    const covered = Object.keys(hits).filter((mutant) => test.file.filepath.startsWith(packageOf[mutant]))
    for (const mutant of covered) if (!dead.has(mutant)) await this.try(mutant, callLimit, name, run)
    journal.append({ kind: 'done', test: name, covered })
  }

  private async try(
    mutant: string,
    callLimit: number,
    name: string,
    run: () => Promise<void>,
  ): Promise<void> {
    journal.append({ kind: 'tried', mutant, test: name })
    Object.assign(switches, { activeMutant: mutant, calls: 0, callLimit })
    const isKilled = await run().then(
      () => false,
      () => true,
    )
    delete switches.activeMutant
    delete switches.callLimit
    if (!isKilled) return
    dead.add(mutant)
    journal.append({ kind: 'killed', mutant, test: name })
    // Memory that a mutant has spoiled would kill others: then the process ends, and another one goes on.
    await run().catch(() => process.exit(3))
  }

  override onAfterRunFiles(): void {
    const { static: reached = {} } = switches.mutantCoverage ?? { static: {} }
    if (only === undefined) journal.append({ kind: 'static', mutants: Object.keys(reached) })
    super.onAfterRunFiles()
  }
}
