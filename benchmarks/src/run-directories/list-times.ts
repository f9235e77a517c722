/** `laperm runs` with a thousand runs, in processes of its own: elapsed time, and the processor's, which others on the machine do not lengthen. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { interleave } from '../harness/interleave.ts'
import { renderTable, writeJson } from '../harness/report.ts'
import { type Spread, spreadOf } from '../harness/statistics.ts'
import { makeRuns } from './make-runs.ts'

const program = join(
  dirname(fileURLToPath(import.meta.url)),
  ...['..', '..', '..', 'apps', 'cli', 'bin', 'laperm.js'],
)
const run = promisify(execFile)

/** Imported by the process before all else: says at its end what it took of the processor, in milliseconds. */
const meter = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(2, 'cpu ' + (user + system) / 1000 + '\\n') })",
)}`

interface Listing {
  readonly elapsedMs: number
  readonly cpuMs: number
}

/** Run `laperm runs` once. @param runs how many it must list. */
const list = async (directory: string, runs: number): Promise<Listing> => {
  const start = performance.now()
  const { stdout, stderr } = await run(
    process.execPath,
    ['--import', meter, program, 'runs', directory, '--json'],
    { maxBuffer: 2 ** 28 },
  )
  const elapsedMs = performance.now() - start
  const found = (JSON.parse(stdout) as { readonly runs: readonly unknown[] }).runs.length
  if (found !== runs) throw new Error(`${found} of ${runs} runs are listed`)
  return { elapsedMs, cpuMs: Number(/^cpu ([\d.]+)$/m.exec(stderr)?.[1]) }
}

const text = ({ median, low, high }: Spread): string =>
  `${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`

/** Measure lists of no runs and of `count`, in turns. */
export const measureListing = async (options: {
  readonly count: number
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'laperm-bench-runs-'))
  try {
    const sizes = [1, options.count]
    const cpu = new Map<number, number[]>(sizes.map((size) => [size, []]))
    for (const size of sizes) await makeRuns(join(folder, String(size)), size)
    const times = await interleave(
      sizes.map((size) => ({
        name: String(size),
        measure: async () => {
          const { elapsedMs, cpuMs } = await list(join(folder, String(size)), size)
          cpu.get(size)?.push(cpuMs)
          return elapsedMs
        },
      })),
      { rounds: options.rounds, warmup: 1 },
    )
    const rows = sizes.map((size) => {
      const elapsed = times.get(String(size)) as Spread
      const processor = spreadOf((cpu.get(size) ?? []).slice(1))
      return [
        size.toLocaleString('en'),
        text(elapsed),
        String(Math.min(...elapsed.measurements).toFixed(0)),
        text(processor),
      ]
    })
    writeJson(options.json, rows)
    return renderTable({
      title: '`laperm runs --json`, milliseconds: medians (quartiles)',
      header: ['runs', 'elapsed', 'fastest', 'of the processor'],
      rows,
      notes: [
        'Finished runs of Conv7 with 45 epochs each; a process of its own each time, from its start to its end, files in the cache of the system.',
        'Of the processor: all threads together. It tells what others on the machine do not change.',
      ],
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
