/** Bringing a run out of a store into a directory. Every file is checked before it takes its place. */
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CorruptFile } from '@laperm/formats'
import type { ObjectStore } from '@laperm/store'
import { type Experiment, inferExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { decodeCheckpoint } from '../checkpoint-file.ts'
import { readChecksum, unfittingFile } from '../file-checksum.ts'
import { readSummary } from '../read-summary.ts'
import { parseConfig, type RunConfig } from '../run-config.ts'
import { runFiles } from '../run-directory.ts'
import { type RunError, runUnavailable } from '../run-errors.ts'
import { decodeWeights } from '../weights-file.ts'
import { temporarySuffix, writeFileSafely } from '../write-file-safely.ts'
import { storeProblem } from './store-problem.ts'
import { mirroredFiles, type StoredRun } from './stored-files.ts'

const mostConfigBytes = 4_000_000

/** What a stored run was set up with. @returns `Left` where its config.json is damaged, or that of another run. */
export const readStoredConfig = async (
  store: ObjectStore,
  { name, identity }: StoredRun,
): Promise<E.Either<RunError, { readonly config: RunConfig; readonly text: string }>> => {
  const object = `${name}/${runFiles.config}`
  const place = `${store.name}/${object}`
  const read = await store.read(object, mostConfigBytes)()
  if (E.isLeft(read)) return E.left(storeProblem(read.left))
  if (read.right === null)
    return E.left(
      runUnavailable(place, 'it was removed while it was read', 'Look at the store again, and try again.'),
    )
  const text = new TextDecoder().decode(read.right.bytes)
  const parsed = parseConfig(place, text)
  if (E.isLeft(parsed)) return parsed
  const config = parsed.right
  return config.identity === identity
    ? E.right({ config, text })
    : E.left(
        runUnavailable(
          place,
          `it is that of another run (${config.identity.slice(0, 6)})`,
          'Somebody put it there: remove the objects of this name from the store.',
        ),
      )
}

/** What is wrong with a file that was fetched; null where nothing is, or nothing in it tells. */
const damageOf = async (
  file: string,
  path: string,
  place: string,
  experiment: Experiment,
): Promise<RunError | null> => {
  const inferred = inferExperiment(experiment)
  if (E.isLeft(inferred)) throw new TypeError('a checked experiment has a model that infers')
  const { parameters } = inferred.right
  const decode = async (): Promise<E.Either<CorruptFile, unknown>> => {
    if (file === runFiles.checkpoint) return decodeCheckpoint(place, await readFile(path), parameters)
    if (file === runFiles.best || file === runFiles.last)
      return decodeWeights(place, await readFile(path), parameters)
    return E.right(null)
  }
  const decoded = await decode()
  if (E.isRight(decoded)) return null
  return {
    ...decoded.left,
    remedy: `${decoded.left.remedy ?? 'It is damaged in the store.'} Remove it from the store; the run goes on without it.`,
  }
}

/** Where a run's files come from and go to. */
interface Fetching {
  readonly store: ObjectStore
  readonly run: StoredRun
  readonly directory: string
  readonly experiment: Experiment
}

/** Fetch one file. @returns whether the store has it; `Left` where it is damaged there. */
const fetchFile = async (
  { store, run, directory, experiment }: Fetching,
  file: string,
): Promise<E.Either<RunError, boolean>> => {
  const path = join(directory, file)
  const temporary = `${path}.${process.pid}${temporarySuffix}`
  const fail = async (error: RunError): Promise<E.Either<RunError, never>> => {
    await rm(temporary, { force: true })
    return E.left(error)
  }
  const fetched = await store.fetch(`${run.name}/${file}`, temporary)()
  if (E.isLeft(fetched)) return fail(storeProblem(fetched.left))
  if (!fetched.right) return E.right(false)
  const damage = await damageOf(file, temporary, `${store.name}/${run.name}/${file}`, experiment)
  if (damage !== null) return fail(damage)
  await rename(temporary, path)
  return E.right(true)
}

const putBack =
  'It is damaged in the store: put back what the run wrote, or remove all objects of this run, which is trained anew then.'

/** Hold the files that a run has left, if it is over, against its summary. @param names those that were fetched. */
const checkFetched = async (
  fetching: Fetching,
  names: readonly string[],
): Promise<E.Either<RunError, void>> => {
  const { store, run, directory } = fetching
  const files = (await readSummary({ directory }))?.files ?? {}
  for (const name of names.filter((each) => Object.hasOwn(files, each))) {
    const place = `${store.name}/${run.name}/${name}`
    const problem = async () => unfittingFile(place, files, await readChecksum(join(directory, name)))
    if ((await problem()) === null) continue
    // The run may have ended since it was fetched: what its summary speaks of is in the store before it.
    const again = await fetchFile(fetching, name)
    if (E.isLeft(again)) return again
    const remaining = await problem()
    if (remaining !== null) return E.left({ ...remaining, remedy: putBack })
  }
  return E.right(undefined)
}

/**
 * Fetch files of a run into its directory, which the caller has locked.
 *
 * @param files of these, those that the store has not are removed from the directory; all others stay as they are.
 * @returns `Left` with a damaged file's place in the store; those before it are there, and the directory has no summary.
 */
export const fetchRun = async (
  store: ObjectStore,
  run: StoredRun,
  directory: string,
  files: readonly string[],
): Promise<E.Either<RunError, RunConfig>> => {
  const read = await readStoredConfig(store, run)
  if (E.isLeft(read)) return read
  const { config, text } = read.right
  await writeFileSafely(join(directory, runFiles.config), text)
  const removeSummary = () => rm(join(directory, runFiles.summary), { force: true })
  // What stands there is of an earlier time, and must not be taken for the end of this one.
  await removeSummary()
  const fetching = { store, run, directory, experiment: config.experiment }
  const there: string[] = []
  for (const file of mirroredFiles.filter((name) => name !== runFiles.config && files.includes(name))) {
    const fetched = run.files.has(file) ? await fetchFile(fetching, file) : E.right(false)
    if (E.isLeft(fetched)) return fetched
    if (fetched.right) there.push(file)
    else await rm(join(directory, file), { force: true })
  }
  const checked = await checkFetched(fetching, there)
  if (E.isRight(checked)) return E.right(config)
  await removeSummary()
  return checked
}
