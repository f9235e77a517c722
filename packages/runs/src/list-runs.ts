/** The runs below a directory, one after the other as they are found, a bounded number of directories at a time. Reads only. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { either as E, type taskEither as TE } from 'fp-ts'
import { type FileCalls, makeQuickCalls } from './file-calls.ts'
import { type ListedRun, readListedRun } from './listed-run.ts'
import { runError } from './run-directory.ts'
import { type RunError, runUnavailable } from './run-errors.ts'

/** How a directory is searched. */
export interface ListOptions {
  /** Directories below the first that are looked into: `runs/sweep/group/run` has 3. */
  readonly depth?: number
  /** Directories that are read at once. */
  readonly concurrency?: number
}

const usualDepth = 3
const usualConcurrency = 16
/** More than anybody keeps in one place: somebody named the root of a file system. */
const mostDirectories = 200_000
/** Reads at once let nothing else happen: after so many directories a Ctrl-C is heard. */
const directoriesABreath = 100

interface Place {
  readonly path: string
  /** Below the directory that is listed; of that one itself its own name. */
  readonly name: string
  readonly depth: number
}

/** What a directory is: a run, or none with directories to look into. */
interface Visited {
  readonly run: ListedRun | null
  readonly below: readonly Place[]
}

/** A directory that cannot be read is listed with the reason. */
export const unreadableRun = (directory: string, name: string, problem: string): ListedRun => ({
  directory,
  name,
  state: 'damaged',
  holder: null,
  problem,
  config: null,
  summary: null,
  epochsDone: 0,
  lastAccuracy: null,
  bestAccuracy: null,
  sizeBytes: 0,
  createdAt: null,
  changedAt: null,
})

const nothing: Visited = { run: null, below: [] }

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const filesAmong = (entries: readonly Dirent[]): readonly string[] =>
  entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)

const visit = async (root: string, { path, name, depth }: Place, calls: FileCalls): Promise<Visited> => {
  try {
    const entries = await calls.list(path)
    const run = await readListedRun(path, filesAmong(entries), name, calls)
    if (run !== null) {
      // Removed while it was read: it is no damaged run, it is none.
      return run.problem === null || (await isThere(path)) ? { run, below: [] } : nothing
    }
    // Links are not followed: they may lead in circles. Hidden directories hold no runs.
    const below = entries
      .filter((entry) => depth > 0 && entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => ({
        path: join(path, entry.name),
        name: path === root ? entry.name : `${name}${sep}${entry.name}`,
        depth: depth - 1,
      }))
    return { run: null, below }
  } catch (error) {
    const problem = runError(path, error)
    if (!(await isThere(path))) return nothing
    const reason = problem._tag === 'RunUnavailable' ? problem.reason : problem.found
    return { run: unreadableRun(path, name, `it cannot be read: ${reason}`), below: [] }
  }
}

async function* walk(root: string, depth: number, concurrency: number): AsyncGenerator<ListedRun> {
  const waiting: Place[] = [{ path: root, name: basename(root), depth }]
  const reading = new Map<string, Promise<readonly [string, Visited]>>()
  const nextCalls = makeQuickCalls()
  let directories = 0
  while (waiting.length > 0 || reading.size > 0) {
    while (waiting.length > 0 && reading.size < concurrency) {
      const place = waiting.pop() as Place
      if (++directories % directoriesABreath === 0) await setImmediate()
      if (directories > mostDirectories) {
        yield unreadableRun(
          root,
          basename(root),
          `it has more than ${mostDirectories} directories, of which the others were not looked at: name one of them`,
        )
        return
      }
      reading.set(
        place.path,
        visit(root, place, nextCalls()).then((visited) => [place.path, visited] as const),
      )
    }
    const [path, { run, below }] = await Promise.race(reading.values())
    reading.delete(path)
    waiting.push(...below)
    if (run !== null) yield run
  }
}

/**
 * The runs below a directory, or the one that it is, in no order.
 *
 * A run is a directory with a `config.json` of LaPerm's, or with `metrics.jsonl` or a checkpoint; directories in a run are not looked into.
 * A damaged one is listed with the reason. Links to directories are not followed.
 *
 * Cost: some ten small reads a run; weights are not read. At most `concurrency` directories are in memory besides what the caller keeps.
 *
 * @returns `Left(RunUnavailable)` when the directory itself cannot be read.
 * @example for await (const run of must(await listRuns('runs')())) console.log(run.name, run.state)
 */
export const listRuns =
  (
    directory: string,
    { depth = usualDepth, concurrency = usualConcurrency }: ListOptions = {},
  ): TE.TaskEither<RunError, AsyncIterable<ListedRun>> =>
  async () => {
    const root = resolve(directory)
    try {
      await readdir(root)
      return E.right(walk(root, depth, concurrency))
    } catch (error) {
      return E.left(runError(root, error))
    }
  }

/**
 * One run, as a list shows it.
 *
 * @returns `Left(RunUnavailable)` where there is no such directory, or it is no run; a damaged run is a `Right` with its problem.
 */
export const inspectRun =
  (directory: string): TE.TaskEither<RunError, ListedRun> =>
  async () => {
    const path = resolve(directory)
    try {
      const entries = await readdir(path, { withFileTypes: true })
      const run = await readListedRun(path, filesAmong(entries), basename(path))
      return run === null
        ? E.left(
            runUnavailable(
              path,
              'this is no run: it has no config.json of LaPerm',
              'Name the directory of a run; `laperm runs <directory>` finds those below one.',
            ),
          )
        : E.right(run)
    } catch (error) {
      return E.left(runError(path, error))
    }
  }
