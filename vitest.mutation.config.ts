/** Vitest as `npm run test:mutation` runs it: sources with mutants, one process, and what is quick first. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { makeMutants } from './scripts/mutation/mutants.mjs'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** From quick to slow: what only later files tell costs a run of them for each mutant that lives so long. */
const costs = [
  /\.property\.|broken-backends/,
  /check-backend/,
  /bucket-sort|hard-orders|long-orders|golden|rank\.test/,
]
const costOf = ({ moduleId }: TestSpecification): number => costs.findIndex((files) => files.test(moduleId))

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => costOf(a) - costOf(b))
  }
}

const { sources } = await makeMutants()
const conditions = ['@laperm/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      transform: (_code, id) => {
        const code = sources.get(id.split('?')[0])
        return code === undefined ? undefined : { code, map: null }
      },
    },
  ],
  test: {
    include: ['packages/core/test/**/*.test.ts', 'packages/conformance/test/**/*.test.ts'],
    // Documents, a bundle, and laws of queues and stores, which are not mutated.
    exclude: ['**/readme.test.ts', '**/size.test.ts', '**/check-queue.test.ts', '**/directory-store.test.ts'],
    setupFiles: [path('test/property-seed.ts'), path('test/mutation/first-counterexample.ts')],
    runner: path('test/mutation/runner.ts'),
    sequence: { sequencer: QuickFirst },
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 60_000,
  },
})
