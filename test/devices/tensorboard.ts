/** TensorBoard's own reader for tests: there, or said aloud to be missing. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportMissing } from './required.ts'

/** What TensorBoard finds in a folder: each tag's points with their steps. */
export interface FoundEvents {
  readonly scalars: Readonly<Record<string, readonly (readonly [number, number])[]>>
  /** Smallest, largest, count, sum, sum of squares, right edges of buckets, counts of buckets. */
  readonly histograms: Readonly<
    Record<
      string,
      readonly (readonly [
        number,
        readonly [number, number, number, number, number, readonly number[], readonly number[]],
      ])[]
    >
  >
}

const runs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'packages', 'runs')
const installed = join(runs, '.tensorboard')

/** Whether the reader is there. Fails at import where `LAPERM_REQUIRE` names `tensorboard`. */
export const hasTensorboard: boolean = existsSync(join(installed, 'ready'))
if (!hasTensorboard) reportMissing('tensorboard', 'it is not set up; `npm run setup:tensorboard` does it')

/** Read a folder's event files. */
export const readEvents = (folder: string): FoundEvents => {
  const [python] = readFileSync(join(installed, 'ready'), 'utf8').split('\n')
  return JSON.parse(
    execFileSync(python, [join(runs, 'test', 'tensorboard', 'read_events.py'), folder], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: installed },
      maxBuffer: 2 ** 28,
      // It says on standard error that TensorFlow is not there, which it does not need.
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
}
