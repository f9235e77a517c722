/** How readers stop: they throw inside, and give `Left(CorruptFile)` at the package's boundary. */
import { either as E, type taskEither as TE } from 'fp-ts'
import { type CorruptFile, corruptFile } from './corrupt-file.ts'

/** Thrown where a file is not what it must be. Sources of one's own throw it too, by {@link refuseFile}. */
export class FileRefusal extends Error {
  readonly corrupt: CorruptFile
  constructor(corrupt: CorruptFile) {
    super(`${corrupt.path}: expected ${corrupt.expected}, found ${corrupt.found}`)
    this.name = 'FileRefusal'
    this.corrupt = corrupt
  }
}

/** Stop reading. @throws FileRefusal */
export const refuseFile = (path: string, expected: string, found: string, remedy?: string): never => {
  throw new FileRefusal(corruptFile(path, expected, found, remedy))
}

/** The value, or the refusal as `Left`; other errors are thrown on. */
export const attemptFile =
  <A>(read: () => Promise<A>): TE.TaskEither<CorruptFile, A> =>
  async () => {
    try {
      return E.right(await read())
    } catch (error) {
      if (error instanceof FileRefusal) return E.left(error.corrupt)
      throw error
    }
  }

/** The value of a `Right`. @throws FileRefusal */
export const requireRight = <A>(read: E.Either<CorruptFile, A>): A => {
  if (E.isLeft(read)) throw new FileRefusal(read.left)
  return read.right
}
