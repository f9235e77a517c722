/**
 * The half-arrived bytes of a download: kept aside under a name that nobody takes for the file, and owned by one process at a time.
 *
 * While a process downloads `x`, its bytes are in `x.<pid>.part`. When it stops it leaves them as `x.part`. The next process claims
 * either by renaming, which only one of two can win; the `.<pid>.part` of a process that is gone (killed) is claimed the same way.
 */
import { link, lstat, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const renameIfThere = async (from: string, to: string): Promise<boolean> => {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

let claims = 0

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** A path beside this one that nothing has taken. */
const pathAside = async (path: string): Promise<string> => {
  for (let n = 1; ; n++) {
    const aside = `${path}.foreign${n === 1 ? '' : `-${n}`}`
    const taken = await lstat(aside).then(
      () => true,
      () => false,
    )
    if (!taken) return aside
  }
}

/** What a file system without hard links answers. */
const withoutLinks: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** Give a file its name where nothing has it, in one step: another process may be about to do the same. */
const takeName = async (part: string, target: string): Promise<boolean> => {
  try {
    await link(part, target)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return false
    if (!withoutLinks.has(code)) throw error
    await rename(part, target)
    return true
  }
  await rm(part)
  return true
}

/**
 * Give the finished part its name. What stood there is not ours to delete: it is renamed, and the new name returned.
 *
 * @param isSame whether the file that stands there is the very same, and may be replaced.
 */
export const replaceFile = async (
  part: string,
  target: string,
  isSame: () => Promise<boolean>,
): Promise<string | undefined> => {
  let aside: string | undefined
  while (!(await takeName(part, target))) {
    if ((await isFile(target)) && (await isSame())) {
      await rename(part, target)
      return aside
    }
    const free = await pathAside(target)
    if (await renameIfThere(target, free)) aside = free
  }
  return aside
}

/** Take over what an earlier download of `target` left, if anything. Returns the path that is now this caller's own. */
export const claimPart = async (target: string): Promise<string> => {
  const folder = dirname(target)
  const own = `${target}.${process.pid}-${++claims}.part`
  // A folder or a pipe of that name is no download's: it stays where it is.
  if ((await isFile(`${target}.part`)) && (await renameIfThere(`${target}.part`, own))) return own
  const prefix = `${basename(target)}.`
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue
    const match = /^(\d+)-\d+\.part$/.exec(name.slice(prefix.length))
    if (match !== null && !isAlive(Number(match[1])) && (await renameIfThere(join(folder, name), own)))
      return own
  }
  return own
}

/** Throw it away. */
export const discardPart = (own: string): Promise<void> => rm(own, { force: true })

/** Leave what has arrived, if anything has, for the next download. */
export const releasePart = async (target: string, own: string): Promise<void> => {
  const isEmpty = await stat(own).then(
    ({ size }) => size === 0,
    () => false,
  )
  if (isEmpty) return discardPart(own)
  const left = `${target}.part`
  const isFree = await lstat(left).then(
    (found) => found.isFile(),
    () => true,
  )
  // Else it stays under its own name, which a later download claims once this process is gone.
  if (isFree) await renameIfThere(own, left)
}
