/** The store in a directory that many machines share, as by NFS: an object is a file under its name. */
import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { either as E } from 'fp-ts'
import { answersOf } from './answering.ts'
import {
  checkObjectName,
  isObjectName,
  type ObjectStore,
  type ReadObject,
  type StoredObject,
  type WriteCondition,
  type Written,
} from './object-store.ts'
import { type StoreUnavailable, storeUnavailable } from './store-errors.ts'
import { ageOf, inTurn } from './turns.ts'

/** Files that are being written, turns and clocks: no objects. */
const isPassingFile = (name: string): boolean => /\.(?:tmp|turn|clock)$/.test(name)

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/** Of small objects: equal bytes have equal versions. */
const versionOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const holds = (condition: WriteCondition, present: Uint8Array | null): boolean =>
  condition.kind === 'absent'
    ? present === null
    : present !== null && versionOf(present) === condition.version

const readOrNull = async (path: string): Promise<Buffer | null> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Put a file in its place, whole or not at all. @param fill writes it under another name. */
const replaceFile = async (path: string, fill: (temporary: string) => Promise<void>): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.tmp`
  await mkdir(dirname(path), { recursive: true })
  try {
    await fill(temporary)
    const file = await open(temporary, 'r+')
    await file.sync().finally(() => file.close())
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}

/** What the file system refuses. */
const answering = answersOf((place, error) =>
  error instanceof Error && 'syscall' in error
    ? storeUnavailable(place, error.message, 'Look at its permissions and at the space that it has.')
    : null,
)

/**
 * A store in a directory. Its clock and its exclusive creation of files are trusted: NFS 3 or newer keeps both.
 *
 * A conditional write takes a turn; a process that is stopped in the middle of one for more than ten seconds loses it, and may then write over another.
 *
 * @param directory made with the first object.
 */
export const openDirectoryStore = (directory: string): ObjectStore => {
  const root = resolve(directory)
  const pathOf = (name: string): string => join(root, ...checkObjectName(name).split('/'))
  return {
    name: root,
    list: (prefix) =>
      answering(root, async () => {
        // From the deepest directory that the prefix names, so that one run's files are listed without the others.
        const below = join(root, ...prefix.split('/').slice(0, -1))
        const entries = await readdir(below, { recursive: true, withFileTypes: true }).catch(
          (error: unknown) => {
            if (isMissing(error)) return []
            throw error
          },
        )
        const objects: StoredObject[] = []
        for (const entry of entries) {
          const path = join(entry.parentPath, entry.name)
          const name = relative(root, path).split(sep).join('/')
          if (!entry.isFile() || isPassingFile(name) || !isObjectName(name) || !name.startsWith(prefix))
            continue
          const found = await stat(path).catch((error: unknown) => {
            if (isMissing(error)) return null
            throw error
          })
          if (found !== null) objects.push({ name, sizeBytes: found.size })
        }
        return E.right(objects.sort((one, other) => (one.name < other.name ? -1 : 1)))
      }),
    read: (name, mostBytes) =>
      answering<ReadObject | null>(`${root}/${name}`, async () => {
        const path = pathOf(name)
        const found = await stat(path).catch((error: unknown) => {
          if (isMissing(error)) return null
          throw error
        })
        if (found === null) return E.right(null)
        if (found.size > mostBytes)
          return E.left(
            storeUnavailable(
              `${root}/${name}`,
              `it has ${found.size} bytes, but at most ${mostBytes} are read`,
              'Something else was put there: remove it.',
            ),
          )
        const ageMs = await ageOf(path)
        const bytes = await readOrNull(path)
        return E.right(bytes === null || ageMs === null ? null : { bytes, version: versionOf(bytes), ageMs })
      }),
    write: (name, bytes, condition) =>
      answering<Written>(`${root}/${name}`, async () => {
        const path = pathOf(name)
        await mkdir(dirname(path), { recursive: true })
        return inTurn<E.Either<StoreUnavailable, Written>>(`${path}.turn`, async () => {
          if (!holds(condition, await readOrNull(path))) return E.right({ kind: 'refused' })
          await replaceFile(path, async (temporary) => {
            const file = await open(temporary, 'wx')
            await file.writeFile(bytes).finally(() => file.close())
          })
          return E.right({ kind: 'written', version: versionOf(bytes) })
        })
      }),
    fetch: (name, path) =>
      answering(`${root}/${name}`, async () => {
        try {
          await copyFile(pathOf(name), path, constants.COPYFILE_FICLONE)
          return E.right(true)
        } catch (error) {
          // A missing place for the copy is the caller's mistake.
          if (isMissing(error) && (await stat(dirname(path))).isDirectory()) return E.right(false)
          throw error
        }
      }),
    upload: (name, path) =>
      answering(`${root}/${name}`, async () => {
        await replaceFile(pathOf(name), (temporary) => copyFile(path, temporary, constants.COPYFILE_FICLONE))
        return E.right(undefined)
      }),
    remove: (name) =>
      answering(`${root}/${name}`, async () => {
        await rm(pathOf(name), { force: true })
        return E.right(undefined)
      }),
    close: async () => undefined,
  }
}
