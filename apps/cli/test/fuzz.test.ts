/**
 * Damaged inputs through the command line: each ends with an exit code that is documented, in words, without a stack; and one that is
 * taken gives what the whole input gives. Short here; `npm run test:fuzz` draws many more.
 *
 * Most rounds run in this process, some as a process of their own.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRandom } from '@laperm/core'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { exitCodes } from '../src/terminal.ts'
import { type Captured, runCaptured } from './captured-cli.ts'
import { drawWords, expectTakenAsSaid } from './fuzz-flags.ts'
import { makeInputs } from './fuzz-inputs.ts'
import { laperm } from './laperm-process.ts'

const rounds = Math.min(2000, Number(process.env['LAPERM_FUZZ_ROUNDS'] ?? 20))
/** The first round, for a long run in pieces; a line of flags is a tenth of a round. */
const first = Number(process.env['LAPERM_FUZZ_FIRST'] ?? 0)
/** A round of this many is a process of its own. */
const processEvery = rounds > 100 ? 100 : 20
const seed = 1
const folder = makeTemporaryFolder('laperm-cli-fuzz-')
const inputs = await makeInputs(folder)

const stack = /^\s+at .*(\.[cm]?[jt]s:\d|node:|<anonymous>)/m
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/
const known: readonly (number | null)[] = Object.values(exitCodes)

/** Run in this process or in one of its own, and hold what was said against the rules for all of it. */
const runRound = async (words: readonly string[], round: number, stopAt?: RegExp): Promise<Captured> => {
  const isProcess = round % processEvery === processEvery - 1
  const ended = isProcess
    ? await laperm(words, folder).then(({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }))
    : await runCaptured(words, stopAt)
  const { code, out, err } = ended
  expect(known).toContain(code)
  expect(err + out).not.toMatch(stack)
  expect(err + out).not.toMatch(controls)
  expect(out.length + err.length).toBeLessThan(10_000)
  if (code !== exitCodes.done) expect(err.length, 'a failure without a word').toBeGreaterThan(10)
  return ended as Captured
}

/** A machine that does much else takes ten times as long as one that does not. */
const limitMs = 120_000 + 10_000 * rounds

/** A long run says how far it is, so that one that was stopped is not lost. */
const sayCount = (name: string, done: number, refused: number): void => {
  if (done % 1000 === 0) console.log(`${name}: ${done} done, ${refused} refused`)
}

test.each(inputs)(
  '$name',
  async ({ name, path, bytes, damage, words, restore, expectSound }) => {
    let refused = 0
    const out = join(folder, 'out')
    for (let round = first; round < first + rounds; round++) {
      restore()
      const damaged = damage(bytes, makeRandom(seed, `cli/${name}`, round))
      writeFileSync(path, damaged)
      try {
        const ended = await runRound(words(out), round)
        expect(ended.code).not.toBe(exitCodes.interrupted)
        if (ended.code === exitCodes.done) expectSound(out, ended, damaged)
        else refused++
      } catch (error) {
        throw new Error(`${name}, round ${round}: ${damaged.length} bytes`, { cause: error })
      }
      rmSync(out, { recursive: true, force: true })
      sayCount(name, round - first + 1, refused)
    }
    writeFileSync(path, bytes)
    console.log(
      `${name}: seed ${seed}, ${rounds} mutations from ${first} on, ${refused} refused, ${rounds - refused} taken and sound`,
    )
  },
  limitMs,
)

test(
  'flags of laperm train',
  async () => {
    const [network] = inputs.filter(({ name }) => name.endsWith('JSON'))
    writeFileSync(network.path, network.bytes)
    let refused = 0
    const out = join(folder, 'out')
    for (let round = 10 * first; round < 10 * (first + rounds); round++) {
      const words = [...network.words(out), ...drawWords(makeRandom(seed, 'cli/flags', round))]
      try {
        // Many epochs are no mistake: such a run is stopped.
        const ended = await runRound(words, round, /^epoch 2/)
        if (ended.code === exitCodes.done)
          expectTakenAsSaid(words, JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')))
        else refused++
      } catch (error) {
        throw new Error(`round ${round}: ${JSON.stringify(words).slice(0, 3000)}`, { cause: error })
      }
      rmSync(out, { recursive: true, force: true })
      sayCount(`flags from ${10 * first} on`, round - 10 * first + 1, refused)
    }
    console.log(
      `flags: seed ${seed}, ${10 * rounds} lines from ${10 * first} on, ${refused} refused, ${10 * rounds - refused} taken as said`,
    )
  },
  limitMs,
)
