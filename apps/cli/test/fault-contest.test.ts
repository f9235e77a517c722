/** Two processes that are given one unfinished run at once, again and again. Short here; `npm run test:faults` does it 50 times. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeRandom } from '@laperm/core'
import { expect, test } from 'vitest'
import { faultRounds, faultSeed, faultTimeoutMs } from '../../../test/fault-rounds.ts'
import { exitCodes } from '../src/terminal.ts'
import { laperm, makeDirectory, start, until } from './laperm-process.ts'
import { expectSameResults, linesOf, stack } from './run-files.ts'

/** Of each engine. */
const rounds = Math.ceil(faultRounds(8) / 8)
/** On a busy machine one process may come when the other has finished: that is no contest, and there is another try. */
const mostTries = 3 * rounds + 3

const settings =
  '--init he-uniform --sparsity 0 --dataset digits --limit 1000 --test-limit 300 --batch-size 25 --epochs 20 --sync-period 7 --threads 1 --checkpoint-seconds 0 --json'.split(
    ' ',
  )

test.each(['onnx', 'wasm'])(
  'of two processes with one unfinished run on %s one goes on, and the other says who does',
  async (engine) => {
    const directory = makeDirectory()
    const command = ['train', 'f1', '--engine', engine, ...settings, '--out']
    const whole = join(directory, 'whole')
    const unfinished = join(directory, 'unfinished')
    expect((await laperm([...command, whole], directory)).code).toBe(0)
    const first = start([...command, unfinished], directory)
    await until(
      'a checkpoint',
      () => existsSync(join(unfinished, 'checkpoint.safetensors')) && linesOf(unfinished) >= 3,
    )
    first.child.kill('SIGKILL')
    await first.ended

    let contested = 0
    let late = 0
    for (let round = 0; contested < rounds && round < mostTries; round++) {
      const random = makeRandom(faultSeed, `contest/${engine}`, round)
      const run = join(directory, `run-${round}`)
      cpSync(unfinished, run, { recursive: true })
      const words = () =>
        random.nextUniform() < 0.5 ? ['train', '--resume', run, '--json'] : [...command, run]
      const one = start(words(), directory)
      const waitMs = random.nextInt(20)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      const two = start(words(), directory)
      const [endOne, endTwo] = await Promise.all([one.ended, two.ended])
      const said = `seed ${faultSeed}, round ${round}, ${waitMs} ms apart:\n${endOne.stderr}\n${endTwo.stderr}`
      expect(endOne.stderr + endTwo.stderr, said).not.toMatch(stack)
      const trained = [endOne, endTwo].filter(({ stderr }) => /going on with/.test(stderr))
      expect(trained.length, said).toBe(1)
      expect(trained[0]?.code, said).toBe(exitCodes.done)
      expectSameResults(run, whole)
      const other = trained[0] === endOne ? endTwo : endOne
      const winner = other === endTwo ? one : two
      if (/nothing to resume/.test(other.stderr) || /"alreadyFinished":true/.test(other.stdout)) late++
      else {
        expect(other.code, said).toBe(exitCodes.failed)
        const { error } = JSON.parse(other.stdout)
        expect(error._tag, said).toBe('RunUnavailable')
        expect(error.message, said).toContain(`process ${winner.child.pid} on `)
        expect(error.message, said).toContain('has been writing into this run since')
        contested++
      }
      rmSync(run, { recursive: true })
    }
    console.log(
      `two at once on ${engine}: seed ${faultSeed}, ${contested} contests, one process went on in each and the other named it; ${late} more came after the end; results identical`,
    )
    expect(contested).toBe(rounds)
  },
  faultTimeoutMs(mostTries),
)
