/** The files of test/fixtures/weights, as each program writes one and the same network. */
import { fileURLToPath } from 'node:url'
import { either as E } from 'fp-ts'
import { afterAll } from 'vitest'
import { type CorruptFile, readTensors, renderCorruptFile, type WeightFile } from '../src/index.ts'
import { openFileSource } from '../src/node.ts'

/** The value; a refusal is thrown in its words. */
export const right = <A>(read: E.Either<CorruptFile, A>): A => {
  if (E.isLeft(read)) throw new Error(renderCorruptFile(read.left))
  return read.right
}

/** Path of a file of the folder. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/weights/${name}`, import.meta.url))

const opened: { readonly close: () => unknown }[] = []
afterAll(async () => {
  for (const one of opened.reverse()) await one.close()
})

/** Open one. It stays open until the tests of the file have ended. */
export const openFixture = async (name: string): Promise<WeightFile> => {
  const source = right(await openFileSource(fixture(name))())
  opened.push(source)
  const file = right(await readTensors(source)())
  opened.push(file)
  return file
}
