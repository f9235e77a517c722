/**
 * Finds the four arrays of a data set of somebody's own: in one .npz, in four .npy, or in four idx files.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DataProblem } from '../data-problem.ts'
import { mostIdxHeaderBytes, parseIdxArray, parseIdxHeader } from '../formats/idx-array.ts'
import { type IdxPart, idxPartOf, idxParts } from '../formats/idx-parts.ts'
import { parseNpy } from '../formats/npy.ts'
import type { NumberArray } from '../formats/number-array.ts'
import { refuseDataset } from '../make-dataset.ts'
import { isClosed, kindOf, kindOfPath } from './file-kind.ts'
import { gunzippedFile } from './gunzip.ts'
import { readNpz } from './read-npz.ts'
import { whileUnchanged } from './while-unchanged.ts'

/** The longest file, packed or not: Node reads no longer one at once. */
const maxFileBytes = 2 ** 31 - 1

/** The four arrays under the names that MNIST's files have: images are the inputs. */
export type OwnArrays = Readonly<Record<IdxPart, NumberArray>>

const npyNames: Readonly<Record<IdxPart, string>> = {
  trainImages: 'x_train',
  trainLabels: 'y_train',
  testImages: 'x_test',
  testLabels: 'y_test',
}
const idxNames: Readonly<Record<IdxPart, string>> = {
  trainImages: 'train-images',
  trainLabels: 'train-labels',
  testImages: 'test-images',
  testLabels: 'test-labels',
}
const idxName = /^(train|test|t10k)[-_](images|labels)([-.]idx\d-\w+)?(\.idx)?(\.gz)?$/i

/** What has a file's name and is none. */
interface NoFile {
  readonly name: string
  readonly kind: string
}

/** What a folder holds: pipes, sockets, folders and links that lead nowhere are no files, whatever their name. */
interface Entries {
  readonly files: readonly string[]
  readonly others: readonly NoFile[]
}

/** What must be in the place of something that is no file. */
const ruleFor = ({ kind }: NoFile): string =>
  isClosed(kind)
    ? 'it must be readable: give this user the right to read it, and to search its folder'
    : 'it must be a regular file, which is read more than once'

/** Which array a file of this name holds, in whatever format. */
const partOfFile = (name: string): IdxPart | undefined =>
  idxParts.find((part) => name === `${npyNames[part]}.npy`) ?? idxPartOf(name)

const forTest = 'accuracy is measured on examples that were not trained on'

/** All four, or an error that names the first that is not there, or is there and no file. */
const requireParts = <A>(
  where: string,
  parts: ReadonlyMap<IdxPart, A>,
  nameOf: (part: IdxPart) => string,
  others: readonly NoFile[] = [],
): Readonly<Record<IdxPart, A>> => {
  const refusePart = (part: IdxPart): never => {
    const other = others.find(({ name }) => partOfFile(name) === part)
    if (other !== undefined) return refuseDataset(where, other.name, other.kind, ruleFor(other))
    return refuseDataset(
      where,
      nameOf(part),
      'not there',
      part.startsWith('test')
        ? `a data set has a test split: add ${nameOf('testImages')} and ${nameOf('testLabels')}, since ${forTest}`
        : `a data set needs ${idxParts.map(nameOf).join(', ')}`,
    )
  }
  const need = (part: IdxPart): A => parts.get(part) ?? refusePart(part)
  return {
    trainImages: need('trainImages'),
    trainLabels: need('trainLabels'),
    testImages: need('testImages'),
    testLabels: need('testLabels'),
  }
}

const requireSize = async (path: string): Promise<void> => {
  if ((await stat(path)).size > maxFileBytes)
    throw new DataProblem({ _tag: 'TooLarge', file: path, limitBytes: maxFileBytes })
}

/** Unpack an idx file. Its header says how long it is: what is longer is refused as soon as it comes. */
const gunzipIdx = async (path: string, signal: AbortSignal | undefined): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = []
  let size = 0
  let limitBytes = Number.POSITIVE_INFINITY
  for await (const piece of gunzippedFile(path, signal)) {
    pieces.push(piece)
    size += piece.length
    if (limitBytes === Number.POSITIVE_INFINITY && size >= mostIdxHeaderBytes)
      limitBytes = Math.min(
        maxFileBytes,
        parseIdxHeader(path, Buffer.concat(pieces).subarray(0, mostIdxHeaderBytes)).fileBytes,
      )
    if (size > limitBytes) throw new DataProblem({ _tag: 'TooLarge', file: path, limitBytes })
  }
  return Buffer.concat(pieces)
}

const readIdx = (path: string, signal: AbortSignal | undefined): Promise<NumberArray> =>
  whileUnchanged(path, async () => {
    await requireSize(path)
    const isPacked = path.toLowerCase().endsWith('.gz')
    return parseIdxArray(path, isPacked ? await gunzipIdx(path, signal) : await readFile(path, { signal }))
  })

const readIdxFiles = async (
  folder: string,
  { files, others }: Entries,
  signal: AbortSignal | undefined,
): Promise<OwnArrays> => {
  const found = new Map<IdxPart, string>()
  for (const file of files) {
    const part = idxPartOf(file)
    if (part === undefined) continue
    const other = found.get(part)
    // A file beside its own packed form: either would do, the unpacked one is read.
    if (other !== undefined && `${other}.gz` !== file && other !== `${file}.gz`)
      refuseDataset(folder, idxNames[part], `${other} and ${file}`, 'there must be one file of each kind')
    if (other === undefined || other.endsWith('.gz')) found.set(part, file)
  }
  const named = requireParts(folder, found, (part) => idxNames[part], others)
  const read = (part: IdxPart): Promise<NumberArray> => readIdx(join(folder, named[part]), signal)
  return {
    trainImages: await read('trainImages'),
    trainLabels: await read('trainLabels'),
    testImages: await read('testImages'),
    testLabels: await read('testLabels'),
  }
}

const readNpyFiles = async (
  folder: string,
  { files, others }: Entries,
  signal: AbortSignal | undefined,
): Promise<OwnArrays> => {
  const found = new Map<IdxPart, string>()
  for (const part of idxParts) if (files.includes(`${npyNames[part]}.npy`)) found.set(part, npyNames[part])
  const named = requireParts(folder, found, (part) => `${npyNames[part]}.npy`, others)
  const read = (part: IdxPart): Promise<NumberArray> => {
    const path = join(folder, `${named[part]}.npy`)
    return whileUnchanged(path, async () => {
      await requireSize(path)
      return parseNpy(path, await readFile(path, { signal }))
    })
  }
  return {
    trainImages: await read('trainImages'),
    trainLabels: await read('trainLabels'),
    testImages: await read('testImages'),
    testLabels: await read('testLabels'),
  }
}

const readNpzFile = async (path: string, signal: AbortSignal | undefined): Promise<OwnArrays> => {
  const arrays = await whileUnchanged(path, () =>
    readNpz(path, Object.values(npyNames), maxFileBytes, signal),
  )
  const found = new Map<IdxPart, NumberArray>()
  for (const part of idxParts) {
    const array = arrays.get(npyNames[part])
    if (array !== undefined) found.set(part, array)
  }
  return requireParts(path, found, (part) => npyNames[part])
}

const expected =
  'must be a folder with x_train.npy, y_train.npy, x_test.npy and y_test.npy, or with one .npz that holds these keys, or with idx files named train-images, train-labels, test-images and test-labels (idx or idx.gz), or the path of such a .npz'

const entriesOf = async (folder: string): Promise<Entries> => {
  const files: string[] = []
  const others: NoFile[] = []
  for (const name of (await readdir(folder)).sort()) {
    const kind = await kindOfPath(join(folder, name))
    if (kind === 'a file') files.push(name)
    else if (kind !== null) others.push({ name, kind })
  }
  return { files, others }
}

/**
 * Read the four arrays that a path names.
 *
 * @throws DataProblem, file-system errors and the signal's reason.
 */
export const readOwnFiles = async (path: string, signal: AbortSignal | undefined): Promise<OwnArrays> => {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return refuseDataset(
        path,
        'the path',
        'not there',
        path.startsWith('~')
          ? 'a shell replaces ~ only at the beginning of a word; write the whole path'
          : expected,
      )
    throw error
  })
  if (found.isFile() && path.endsWith('.npz')) return readNpzFile(path, signal)
  if (!found.isDirectory())
    return refuseDataset(
      path,
      'the path',
      found.isFile() ? 'a file of another kind' : kindOf(found),
      expected,
    )
  const entries = await entriesOf(path)
  const { files, others } = entries
  const npz = files.filter((file) => file.endsWith('.npz'))
  const npy = files.filter((file) => Object.values(npyNames).some((name) => file === `${name}.npy`))
  const idx = files.filter((file) => idxName.test(file))
  const kinds = [...npz, ...npy.slice(0, 1), ...idx.slice(0, 1)]
  if (kinds.length === 0) {
    const other = others.find(({ name }) => name.endsWith('.npz') || partOfFile(name) !== undefined)
    if (other !== undefined) return refuseDataset(path, other.name, other.kind, ruleFor(other))
    const isEmpty = files.length + others.length === 0
    return refuseDataset(path, 'the folder', isEmpty ? 'empty' : 'without such files', expected)
  }
  if (kinds.length > 1)
    return refuseDataset(
      path,
      'the folder',
      `ambiguous (${kinds.join(', ')})`,
      'it must hold one data set in one format; give the path of one .npz, or a folder of its own to each',
    )
  if (npz.length > 0) return readNpzFile(join(path, npz[0]), signal)
  return npy.length > 0
    ? readNpyFiles(path, { files: npy, others }, signal)
    : readIdxFiles(path, { files: idx, others }, signal)
}
