/** Figures' files in a directory of runs. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileSafely } from '@laperm/runs'
import {
  type FigureRecord,
  figureFileName,
  formatFigureRecord,
  isFigureFile,
  parseFigureRecord,
} from './figure-record.ts'

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

const readOrNull = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** What a directory says of its figures. */
export interface FoundFigures {
  readonly records: readonly FigureRecord[]
  /** Files that are called like a figure's and are none. */
  readonly damaged: readonly string[]
}

/** Read every figure's file of a directory. @throws the file system's error. */
export const readFigureRecords = async (directory: string): Promise<FoundFigures> => {
  const records: FigureRecord[] = []
  const damaged: string[] = []
  for (const name of (await readdir(directory)).filter(isFigureFile).sort()) {
    const record = parseFigureRecord(await readFile(join(directory, name), 'utf8'))
    if (record === null || figureFileName(record.figure, record.scale) !== name) damaged.push(name)
    else records.push(record)
  }
  return { records, damaged }
}

/**
 * Write a figure's file.
 *
 * @returns how many runs the file named before that it names no longer: they were of another configuration or version.
 * @throws the file system's error.
 */
export const keepFigureRecord = async (directory: string, record: FigureRecord): Promise<number> => {
  const path = join(directory, figureFileName(record.figure, record.scale))
  const before = await readOrNull(path)
  const now = new Set(record.runs.map(({ identity }) => identity))
  const left = (before === null ? null : parseFigureRecord(before))?.runs.filter(
    ({ identity }) => !now.has(identity),
  )
  await writeFileSafely(path, formatFigureRecord(record))
  return left?.length ?? 0
}
