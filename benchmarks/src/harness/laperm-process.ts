/** The command line in a process of its own, exactly as a reader would run it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const laperm = join(
  dirname(fileURLToPath(import.meta.url)),
  ...['..', '..', '..', 'apps', 'cli', 'bin', 'laperm.js'],
)

/** What `laperm train --json` prints, as far as it is used here. */
export interface TrainSummary {
  readonly bestTestAccuracy: number
  readonly testAccuracy: number
  readonly trainSeconds: number
  readonly isPermutation: boolean | null
}

/** Start `laperm` with these arguments; `output` is all of its standard output. */
export const startLaperm = (
  commandLine: readonly string[],
): {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>
} => {
  const child = spawn(process.execPath, [laperm, ...commandLine], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, output }))) }
}

/** Run `laperm` with these arguments and parse its summary. Rejects with what it printed when it failed. */
export const runLaperm = async (commandLine: readonly string[]): Promise<TrainSummary> => {
  const { code, output } = await startLaperm(commandLine).ended
  if (code === 0) return JSON.parse(output) as TrainSummary
  throw new Error(`laperm ${commandLine.join(' ')} ended with ${code}: ${output}`)
}
