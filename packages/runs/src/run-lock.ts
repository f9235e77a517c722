/**
 * One writer a run: a lock in the run's directory that says who holds it.
 *
 * Each holder has a file of its own, `.lock-<n>.json`, and the highest number holds. A file is created only where there is none
 * (a hard link), so of two processes that follow a dead holder one fails. The number never goes back while a run lives.
 *
 * Whether a holder of this machine lives is asked of the system. One of another machine renews its file; when that is older than the
 * lease by the file system's own clock, the holder counts as dead.
 */
import { randomUUID } from 'node:crypto'
import { link, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from '@laperm/core/settings'
import { either as E, type taskEither as TE } from 'fp-ts'
import { isRunning, type ProcessIdentity, thisProcess } from './process-identity.ts'
import { runError } from './run-directory.ts'
import {
  errorCodeOf,
  lockLost,
  lockRemoved,
  type RunError,
  type RunUnavailable,
  runHeld,
} from './run-errors.ts'
import { temporarySuffix } from './write-file-safely.ts'

/** Who writes into a run. */
export interface LockHolder extends ProcessIdentity {
  /** ISO 8601. */
  readonly since: string
}

/** A lock that this process holds. */
export interface RunLock {
  /** Whether it still does: a process that was stopped for longer than the lease may have lost it, and must write nothing more. */
  readonly isHeld: () => Promise<boolean>
  /** Why it is not held any more: taken over by another process, or removed. */
  readonly whyLost: () => Promise<RunUnavailable>
  /** Give it back. A second call is harmless. */
  readonly release: () => Promise<void>
}

/** How a lock is held against processes of other machines. */
export interface LockOptions {
  /** A holder of another machine that has not renewed its lock for this long counts as dead. */
  readonly leaseMs?: number
}

const defaultLeaseMs = 60_000
/** Renewals within a lease: one may be late. */
const renewalsPerLease = 4
/** More than a lock ever holds; a foreign file of this name is not read further. */
const maxLockBytes = 4096

/** The file of a directory's n-th holder. */
export const lockName = (generation: number): string => `.lock-${generation}.json`
const generationOf = (name: string): number => {
  const digits = /^\.lock-(\d{1,15})\.json$/.exec(name)?.[1]
  return digits === undefined ? 0 : Number(digits)
}

/** The generations of a directory's locks, the highest first. */
const listGenerations = async (directory: string): Promise<readonly number[]> =>
  (await readdir(directory))
    .map(generationOf)
    .filter((generation) => generation > 0)
    .sort((a, b) => b - a)

const readStart = async (path: string): Promise<string> => {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxLockBytes), 0, maxLockBytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** What a lock file says: its holder, `free` when it was given back, `damaged` when it says neither. */
const parseLock = (text: string): LockHolder | 'free' | 'damaged' => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'damaged'
  }
  if (!isRecord(value)) return 'damaged'
  const { state, host, pid, started, since } = value
  if (state === 'free') return 'free'
  if (typeof host !== 'string' || typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1)
    return 'damaged'
  if (!(started === null || typeof started === 'string') || typeof since !== 'string') return 'damaged'
  return { host, pid, started, since }
}

/** How old a file is by the clock of the file system that it is on: that of this machine may be wrong. */
const ageMs = async (directory: string, path: string): Promise<number> => {
  const probe = join(directory, `.clock-${process.pid}`)
  await writeFile(probe, '')
  try {
    return (await stat(probe)).mtimeMs - (await stat(path)).mtimeMs
  } finally {
    await rm(probe, { force: true })
  }
}

/** The holder of a lock file while it lives; null when nobody holds it. A damaged file counts as held until its lease has run out. */
const livingHolder = async (
  directory: string,
  generation: number,
  leaseMs: number,
): Promise<LockHolder | 'unknown' | null> => {
  const path = join(directory, lockName(generation))
  const lock = parseLock(await readStart(path))
  if (lock === 'free') return null
  if (lock !== 'damaged') {
    const running = isRunning(lock)
    if (running !== null) return running ? lock : null
  }
  if ((await ageMs(directory, path)) > leaseMs) return null
  return lock === 'damaged' ? 'unknown' : lock
}

const heldBy = (directory: string, holder: LockHolder | 'unknown'): RunError =>
  holder === 'unknown'
    ? runHeld(directory, 'another process has just begun to write into this run', 'Try again in a minute.')
    : runHeld(
        directory,
        `process ${holder.pid} on ${holder.host} has been writing into this run since ${holder.since}`,
      )

/** Write the same bytes over a file, so that it is as new as the file system's clock says. */
const touch = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'r+')
  try {
    await file.write(text, 0)
  } finally {
    await file.close()
  }
}

const keep = (directory: string, generation: number, text: string, leaseMs: number): RunLock => {
  const path = join(directory, lockName(generation))
  let isOver = false
  const isHeld = async (): Promise<boolean> =>
    !isOver && (await listGenerations(directory).catch(() => []))[0] === generation
  const renew = async (): Promise<void> => {
    if (!(await isHeld())) return
    // Written again, and not given a time: the file system's clock is the one that counts, and this machine's may be wrong.
    await touch(path, text).catch(() => undefined)
  }
  const timer = setInterval(() => void renew(), leaseMs / renewalsPerLease)
  timer.unref()
  return {
    isHeld,
    whyLost: async () =>
      (await listGenerations(directory).catch(() => [])).length === 0
        ? lockRemoved(directory)
        : lockLost(directory),
    release: async () => {
      if (isOver) return
      const wasHeld = await isHeld()
      isOver = true
      clearInterval(timer)
      // The number stays, so that nobody who looked before can take a lower one.
      if (!wasHeld) return
      const temporary = `${path}.${randomUUID()}${temporarySuffix}`
      await writeFile(temporary, `${JSON.stringify({ state: 'free' })}\n`)
      await rename(temporary, path)
    },
  }
}

/** Create a lock file in two steps, for file systems without hard links. */
const createExclusively = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

/** How a file system says that it has no hard links. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']

/** Create a lock file that is whole from its first moment, whoever looks and whenever its owner is killed; false where it exists. */
const create = async (path: string, text: string): Promise<boolean> => {
  const temporary = `${path}.${randomUUID()}${temporarySuffix}`
  try {
    await writeFile(temporary, text)
    try {
      await link(temporary, path)
    } catch (error) {
      if (!withoutLinks.includes(errorCodeOf(error) ?? '')) throw error
      await createExclusively(path, text)
    }
    return true
  } catch (error) {
    // Its temporary file may be cleared away by whoever has just taken the lock.
    if (['EEXIST', 'ENOENT'].includes(errorCodeOf(error) ?? '')) return false
    throw error
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/**
 * Take the lock of a run, or say who holds it. Never waits.
 *
 * @returns `Left(RunUnavailable)` naming host, process and since when; `Left` too where the directory cannot be written.
 */
export const lockRun =
  (directory: string, { leaseMs = defaultLeaseMs }: LockOptions = {}): TE.TaskEither<RunError, RunLock> =>
  async () => {
    const holder: LockHolder = { ...thisProcess(), since: new Date().toISOString() }
    const text = `${JSON.stringify(holder)}\n`
    try {
      for (;;) {
        const [highest = 0] = await listGenerations(directory)
        try {
          const other = highest === 0 ? null : await livingHolder(directory, highest, leaseMs)
          if (other !== null) return E.left(heldBy(directory, other))
        } catch (error) {
          // A successor has just removed the file: look again.
          if (errorCodeOf(error) === 'ENOENT') continue
          throw error
        }
        const generation = highest + 1
        const path = join(directory, lockName(generation))
        if (!(await create(path, text))) continue
        const [first, ...older] = await listGenerations(directory)
        if (first !== generation) {
          // Whoever looked before us has come further.
          await rm(path, { force: true })
          continue
        }
        for (const old of older) await rm(join(directory, lockName(old)), { force: true })
        return E.right(keep(directory, generation, text, leaseMs))
      }
    } catch (error) {
      return E.left(runError(directory, error))
    }
  }

/** Who writes into a run now; null when nobody does. Takes no lock and waits for nobody. */
export const readLockHolder = async (
  directory: string,
  { leaseMs = defaultLeaseMs }: LockOptions = {},
): Promise<LockHolder | null> => {
  const [highest] = await listGenerations(directory).catch(() => [])
  if (highest === undefined) return null
  const holder = await livingHolder(directory, highest, leaseMs).catch(() => null)
  return holder === 'unknown' ? null : holder
}
