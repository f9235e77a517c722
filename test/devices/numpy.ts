/** A Python with numpy for tests: there, or said aloud to be missing. `LAPERM_PYTHON` names another interpreter. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportMissing } from './required.ts'

/** TensorBoard's packages, numpy among them, where `npm run setup:tensorboard` put them. */
const installed = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
  'packages',
  'runs',
  '.tensorboard',
)
const ready = join(installed, 'ready')
const interpreter =
  process.env['LAPERM_PYTHON'] ??
  (existsSync(ready) ? readFileSync(ready, 'utf8').split('\n')[0] : undefined) ??
  'python3'

/** What a program in Python with numpy prints. */
export const runNumpy = (program: string, words: readonly string[]): string =>
  execFileSync(interpreter, ['-c', program, ...words], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: process.env['LAPERM_PYTHON'] === undefined ? installed : '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })

const isThere = (): boolean => {
  try {
    runNumpy('import numpy', [])
    return true
  } catch {
    return false
  }
}

/** Whether numpy is there. Fails at import where `LAPERM_REQUIRE` names `numpy`. */
export const hasNumpy: boolean = isThere()
if (!hasNumpy)
  reportMissing(
    'numpy',
    `${interpreter} does not import it; \`npm run setup:tensorboard\` installs it, LAPERM_PYTHON names another Python`,
  )
