/** What every store must do, a function a law: it throws what is wrong, in words. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectStore } from '@laperm/store'
import { either as E } from 'fp-ts'
import { absent, answer, bytesOf, countingBytes, mustWrite, require, textIn } from './store-subject.ts'

/** What a law gets: two holds on one new store, and a folder of its own. */
export interface LawContext {
  readonly one: ObjectStore
  readonly other: ObjectStore
  readonly folder: string
}

/** Above what a store sends in one piece: 8 MiB at S3's usual setting. */
const largeBytes = 20_000_003
const racers = 12

const uploadBytes = async ({ one, folder }: LawContext, name: string, bytes: Uint8Array): Promise<void> => {
  const path = join(folder, 'upload')
  await writeFile(path, bytes)
  await answer(`upload ${name}`, one.upload(name, path))
}

const requireFetched = async (
  { other, folder }: LawContext,
  name: string,
  bytes: Uint8Array,
): Promise<void> => {
  const path = join(folder, 'fetched')
  require(await answer(
    `fetch ${name}`,
    other.fetch(name, path),
  ), `${name} is not there, though it was uploaded`)
  require(Buffer.compare(await readFile(path), bytes) === 0, `${name} comes back with other bytes`)
}

/** The laws by name, in the order in which they are reported. */
export const storeLaws = {
  'what one process writes another reads, byte for byte': async ({ one, other }) => {
    const bytes = countingBytes(1000)
    await answer('write', one.write('run/a.json', bytes, absent))
    const found = await answer('read', other.read('run/a.json', 1000))
    require(found !== null && Buffer.compare(found.bytes, bytes) === 0, 'other bytes are read')
    await mustWrite(one, 'empty', '', absent)
    require((await textIn(other, 'empty')) === '', 'an empty object is not read as one')
  },
  'there is no object that nobody wrote': async ({ one, folder }) => {
    require((await answer('read', one.read('none', 10))) === null, 'read finds something')
    const path = join(folder, 'none')
    require(!(await answer('fetch', one.fetch('none', path))), 'fetch finds something')
    require((await stat(path).catch(() => null)) ===
      null, 'fetch leaves a file of an object that is not there')
    require((await answer('list', one.list(''))).length === 0, 'a new store lists something')
    await answer('remove', one.remove('none'))
  },
  'an object is made once': async ({ one, other }) => {
    await mustWrite(one, 'claim', 'first', absent)
    const second = await answer('write', other.write('claim', bytesOf('second'), absent))
    require(second.kind === 'refused', 'it is made again')
    require((await textIn(one, 'claim')) === 'first', 'a refused write changed it')
  },
  'an object is written over only by who knows its version': async ({ one, other }) => {
    const first = await mustWrite(one, 'claim', 'first', absent)
    const second = await mustWrite(other, 'claim', 'second', { kind: 'version', version: first })
    const late = await answer(
      'write',
      one.write('claim', bytesOf('late'), { kind: 'version', version: first }),
    )
    require(late.kind === 'refused', 'an old version is good enough')
    const found = await answer('read', one.read('claim', 100))
    require(found?.version === second, 'reading tells another version than writing did')
    await mustWrite(one, 'claim', 'third', { kind: 'version', version: second })
    await answer('remove', one.remove('claim'))
    const gone = await answer('write', one.write('claim', bytesOf('x'), { kind: 'version', version: second }))
    require(gone.kind === 'refused', 'an object that is gone has a version')
  },
  'of many who write at once exactly one does': async ({ one, other }) => {
    const race = async (round: string, condition: Parameters<ObjectStore['write']>[2]) => {
      const written = await Promise.all(
        Array.from({ length: racers }, (_, i) =>
          answer('write', (i % 2 === 0 ? one : other).write('claim', bytesOf(`${round} ${i}`), condition)),
        ),
      )
      const winners = written.flatMap((each, i) => (each.kind === 'written' ? [{ ...each, i }] : []))
      require(winners.length === 1, `${round}: ${winners.length} of ${racers} are told that they wrote`)
      require((await textIn(one, 'claim')) ===
        `${round} ${winners[0].i}`, `${round}: another's bytes are there`)
      return winners[0].version
    }
    let version = await race('make', absent)
    for (let round = 1; round <= 3; round++)
      version = await race(`round ${round}`, { kind: 'version', version })
  },
  'a store tells how old an object is by its own clock': async ({ one, other }) => {
    await mustWrite(one, 'claim', 'a', absent)
    const found = await answer('read', other.read('claim', 10))
    // A store may count in whole seconds.
    require(found !== null &&
      found.ageMs > -1500 &&
      found.ageMs < 60_000, `a new object is ${found?.ageMs} ms old`)
  },
  'files of any size come back as they were': async (context) => {
    for (const length of [0, 1, 8 * 1024 * 1024, largeBytes]) {
      await uploadBytes(context, 'run/weights', countingBytes(length))
      await requireFetched(context, 'run/weights', countingBytes(length))
    }
  },
  'a file that is uploaded again replaces the one before': async (context) => {
    await uploadBytes(context, 'run/weights', countingBytes(largeBytes))
    await uploadBytes(context, 'run/weights', bytesOf('short'))
    await requireFetched(context, 'run/weights', bytesOf('short'))
    require((await textIn(context.other, 'run/weights')) ===
      'short', 'a file cannot be read as a small object')
  },
  'an object is read up to a bound': async ({ one }) => {
    await mustWrite(one, 'a', 'twelve bytes', absent)
    require((await textIn(one, 'a')) === 'twelve bytes', 'an object within the bound is not read')
    require(E.isLeft(await one.read('a', 11)()), 'an object above the bound is read')
  },
  'a list has every object below a prefix, in order, and no other': async ({ one, other }) => {
    const names = Array.from(
      { length: 30 },
      (_, i) => `runs/f1-digits-s${i % 10}/part-${String(i).padStart(2, '0')}`,
    )
    await Promise.all(names.map((name) => mustWrite(one, name, name, absent)))
    await mustWrite(one, 'other/config.json', 'x', absent)
    const listed = async (prefix: string) =>
      (await answer('list', other.list(prefix))).map(({ name, sizeBytes }) => `${name} ${sizeBytes}`)
    const expected = names.map((name) => `${name} ${name.length}`).sort()
    require((await listed('runs/')).join() === expected.join(), `lists ${await listed('runs/')}`)
    const third = expected.filter((name) => name.startsWith('runs/f1-digits-s3/'))
    require((await listed('runs/f1-digits-s3/')).join() === third.join(), 'lists others below one directory')
    require((await listed('')).length === 31, 'the whole store has not all objects')
    require((await listed('nothing/')).length === 0, 'lists objects below nothing')
  },
  'what is removed is gone': async ({ one, other }) => {
    await mustWrite(one, 'run/a', 'a', absent)
    await mustWrite(one, 'run/b', 'b', absent)
    await answer('remove', one.remove('run/a'))
    require((await textIn(other, 'run/a')) === null, 'it can still be read')
    require((await answer('list', other.list('run/'))).map(({ name }) => name).join() ===
      'run/b', 'it is listed')
    await mustWrite(other, 'run/a', 'again', absent)
  },
} as const satisfies Readonly<Record<string, (context: LawContext) => Promise<void>>>
