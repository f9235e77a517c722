/** The command line in a process of its own, exactly as a reader would run it. */
import { spawn } from 'node:child_process'
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

/** Run `laperm` with these arguments and parse its summary. Rejects with what it printed when it failed. */
export const runLaperm = (commandLine: readonly string[]): Promise<TrainSummary> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [laperm, ...commandLine], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as TrainSummary)
      else reject(new Error(`laperm ${commandLine.join(' ')} ended with ${code}: ${output}`))
    })
  })
