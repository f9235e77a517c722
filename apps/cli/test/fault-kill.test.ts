/**
 * Processes that are killed at random moments, and what became of their runs: each goes on to the same bytes. Short here; `npm run test:faults`
 * kills 200 times.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeRandom } from '@laperm/core'
import { expect, test } from 'vitest'
import { faultRounds, faultSeed, faultTimeoutMs } from '../../../test/fault-rounds.ts'
import { drawMoment, killAt } from './kill-moment.ts'
import { type Ended, laperm, makeDirectory, start } from './laperm-process.ts'
import { expectSameResults, filesOf, stack, statusOf } from './run-files.ts'

const kills = Math.ceil(faultRounds(6) / 2)
const epochs = 6
/** A run is killed so often at most, and resumed after each. */
const mostKillsARun = 4

const settings =
  `--init he-uniform --sparsity 0 --dataset digits --limit 400 --test-limit 300 --batch-size 25 --epochs ${epochs} --sync-period 7 --threads 1 --checkpoint-seconds 0 --json`.split(
    ' ',
  )

const has = (run: string, file: string): boolean => existsSync(join(run, file))

/** What the process was about when it was killed, as its directory and its words tell. */
const stageOf = (run: string, { stderr }: Ended, isResumed: boolean): string => {
  if (!has(run, 'config.json')) return 'before the run was made'
  if (statusOf(run) === 'finished') return 'after the end'
  if (isResumed && !/going on with|starts over/.test(stderr)) return 'while resuming'
  if (stderr.includes(`epoch ${epochs}/${epochs}`)) return 'while ending'
  return has(run, 'checkpoint.safetensors') ? 'during training' : 'before the first checkpoint'
}

/** The file that was half written, by what the process left behind. */
const halfWritten = (run: string, pid: number | undefined): string | undefined =>
  existsSync(run)
    ? readdirSync(run)
        .find((name) => name.endsWith(`.${pid}.tmp`))
        ?.replace(/\.\d+\.tmp$/, '')
    : undefined

const count = (counts: Map<string, number>, what: string): void => {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([what, times]) => `${times} ${what}`).join(', ')

test.each([
  ['onnx', 'f2'],
  ['wasm', 'f1'],
])(
  'a run on %s ends in the same bytes, whenever its processes are killed',
  async (engine, model) => {
    const directory = makeDirectory()
    const command = ['train', model, '--engine', engine, ...settings, '--out']
    const whole = join(directory, 'whole')
    const began = performance.now()
    expect((await laperm([...command, whole], directory)).code).toBe(0)
    const lifeMs = performance.now() - began

    const stages = new Map<string, number>()
    const writes = new Map<string, number>()
    let killed = 0
    let early = 0
    let runs = 0
    for (; killed < kills; runs++) {
      const random = makeRandom(faultSeed, `kill/${engine}`, runs)
      const run = join(directory, `run-${runs}`)
      const history: string[] = []
      try {
        for (let life = 0; ; life++) {
          const isFinished = statusOf(run) === 'finished'
          const isResumed = has(run, 'config.json') && !isFinished
          const byName = isResumed && random.nextUniform() < 0.5
          const words = byName
            ? ['train', '--resume', run, '--checkpoint-seconds', '0', '--json']
            : [...command, run]
          const moment =
            life === 0 || (life < mostKillsARun && random.nextUniform() < 0.5)
              ? drawMoment(random, lifeMs, epochs)
              : null
          const { child, ended } = start(words, directory)
          const stopWaiting = moment === null ? undefined : killAt(child, run, moment)
          const end = await ended
          stopWaiting?.()
          expect(end.stderr).not.toMatch(stack)
          if (end.signal !== 'SIGKILL') {
            history.push(
              `${byName ? '--resume' : 'the command'} ended with ${end.code}: ${end.stderr.slice(-300)}`,
            )
            expect(end.code).toBe(0)
            if (moment !== null) early++
            break
          }
          const stage = stageOf(run, end, isResumed)
          history.push(`${JSON.stringify(moment)} killed ${stage}`)
          killed++
          count(stages, stage)
          const half = halfWritten(run, child.pid)
          if (half !== undefined) count(writes, half)
        }
        expect(statusOf(run)).toBe('finished')
        expectSameResults(run, whole)
        // Whoever was killed after the end has not removed the checkpoint; nobody needs it.
        const left = filesOf(run).filter((name) => name !== 'checkpoint.safetensors')
        expect(left).toEqual(filesOf(whole))
        expect(readFileSync(join(run, 'config.json'), 'utf8')).toContain(engine)
      } catch (error) {
        throw new Error(`seed ${faultSeed}, ${engine}, run ${runs}:\n${history.join('\n')}`, { cause: error })
      }
      rmSync(run, { recursive: true })
    }
    console.log(
      `kills on ${engine}: seed ${faultSeed}, ${killed} processes of ${runs} runs killed, ${listed(stages)}; of these in the middle of writing: ${listed(writes) || 'none'}; ${early} ended before their moment; every run ended in the bytes of the undisturbed one`,
    )
  },
  faultTimeoutMs(kills),
)
