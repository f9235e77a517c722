/** What a sweep costs beside training: time of its workers, and memory of the process that plans and watches. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startLaperm } from '../harness/laperm-process.ts'
import { renderTable, writeJson } from '../harness/report.ts'

/** Runs that end while the memory of a sweep is watched. */
const endedRuns = 20

/** Act in a directory that is removed afterwards. */
const inDirectory = async <A>(act: (directory: string) => Promise<A>): Promise<A> => {
  const directory = mkdtempSync(join(tmpdir(), 'laperm-bench-'))
  try {
    return await act(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The share of the workers' time that a sweep says they have trained for, in percent, and its last lines. */
const trainingShare = (words: readonly string[]): Promise<number> =>
  inDirectory(async (directory) => {
    const { output, code } = await startLaperm([...words, '--quiet', '--out', directory]).ended
    const share = /which trained for (\d+)% of it/.exec(output)?.[1]
    if (code !== 0 || share === undefined) throw new Error(`the sweep ended with ${code}: ${output}`)
    return Number(share)
  })

/** The most memory that a sweep's own process has had in use when some of its runs have ended, in bytes. */
const peakMemory = (words: readonly string[]): Promise<number> =>
  inDirectory(async (directory) => {
    const { child, ended } = startLaperm([...words, '--quiet', '--out', directory])
    const isOver = ended.then(() => true)
    let peakBytes = 0
    while (readdirSync(directory).length < endedRuns) {
      if (await Promise.race([isOver, pause(200, false)])) throw new Error('the sweep ended by itself')
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      peakBytes = 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1])
    }
    child.kill('SIGINT')
    await ended
    return peakBytes
  })

/** Measure a sweep of many short runs, and the planning of very many. Linux only: memory is read from /proc. */
export const measureSweeps = async ({
  rounds,
  json,
}: {
  readonly rounds: number
  readonly json: string
}): Promise<string> => {
  const short = 'sweep f1 --epochs 5 --seed 1..100 --jobs 2'
  const many = 'sweep f1 --seed 0..9999 --jobs 1'
  const shares: number[] = []
  const peaks: number[] = []
  for (let round = 0; round < rounds; round++) {
    console.error(`round ${round + 1} of ${rounds}`)
    shares.push(await trainingShare(short.split(' ')))
    peaks.push(await peakMemory(many.split(' ')))
  }
  writeJson(json, { short, shares, many, peaks })
  const list = (values: readonly (number | string)[]): string => values.join(', ')
  return renderTable({
    title: 'What a sweep costs',
    header: ['what', 'command', 'asked', `measured, ${rounds} rounds`],
    rows: [
      [
        'time of its workers that is training, 100 short runs of F1',
        `\`laperm ${short}\``,
        'at least 85%',
        list(shares.map((share) => `${share}%`)),
      ],
      [
        'peak memory of its own process, 10,000 planned runs',
        `\`laperm ${many}\``,
        'under 150 MB',
        list(peaks.map((bytes) => `${Math.round(bytes / 1e6)} MB`)),
      ],
    ],
    notes: [
      `The first counts from the command to its last line: planning, start-up of the workers, directories and files are not training. The second is VmHWM when ${endedRuns} runs have begun; then the sweep is interrupted.`,
    ],
  })
}
