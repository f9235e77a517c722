/**
 * `figure-<name>-<scale>.json`: which runs of a directory a figure consists of. Runs are named by their identities, which hold the
 * versions, the data and every setting: so runs of another configuration are never mixed in.
 */
import { isRecord } from '@laperm/core/settings'
import { parseStrictJson } from '@laperm/formats'
import { type ScaleName, scaleNames } from './figure.ts'

const format = 'laperm-figure/1'

/** A run of a figure, as the record names it. */
export interface RecordedRun {
  readonly curve: string
  readonly seed: number
  /** `identityOf` the run. */
  readonly identity: string
}

/** The file. */
export interface FigureRecord {
  readonly figure: string
  readonly scale: ScaleName
  readonly runs: readonly RecordedRun[]
  /** The command that trains what is missing. */
  readonly command: string
}

/** Name of a figure's file. */
export const figureFileName = (figure: string, scale: ScaleName): string => `figure-${figure}-${scale}.json`

/** Whether a file's name is one of a figure's. */
export const isFigureFile = (name: string): boolean => /^figure-[\w-]+-(smoke|small|paper)\.json$/.test(name)

/** The file's text; a run a line, so that files can be compared. */
export const formatFigureRecord = ({ runs, ...head }: FigureRecord): string =>
  `${JSON.stringify({ format, ...head }).slice(0, -1)},"runs":[\n${runs.map((run) => JSON.stringify(run)).join(',\n')}\n]}\n`

const isRun = (value: unknown): value is RecordedRun =>
  isRecord(value) &&
  typeof value.curve === 'string' &&
  Number.isSafeInteger(value.seed) &&
  typeof value.identity === 'string' &&
  /^[0-9a-f]{64}$/.test(value.identity)

/** Levels: the file, its list, a run. */
const deepestRecord = 4

/** Read a figure's file; null for anything else. */
export const parseFigureRecord = (text: string): FigureRecord | null => {
  if (parseStrictJson(text, deepestRecord)._tag === 'Left') return null
  const value: unknown = JSON.parse(text)
  if (!isRecord(value) || value.format !== format || !Array.isArray(value.runs)) return null
  const scale = scaleNames.find((name) => name === value.scale)
  const { figure, command, runs } = value
  if (scale === undefined || typeof figure !== 'string' || typeof command !== 'string') return null
  return runs.every(isRun) ? { figure, scale, command, runs } : null
}
