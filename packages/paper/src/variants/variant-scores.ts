/** `variants-<figure>-<scale>.json`: how well the variants of a figure's runs do. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseStrictJson } from '@laperm/formats'
import { writeFileSafely } from '@laperm/runs'
import { either as E } from 'fp-ts'
import type { ScaleName } from '../figure.ts'

const format = 'laperm-variants/1'

/** One network on the whole test set. */
export interface VariantScore {
  /** `identityOf` the run. */
  readonly identity: string
  /** {@link variantLabel}. */
  readonly variant: string
  /** A share. */
  readonly accuracy: number
  /** Mean cross-entropy in nats; null where it is not finite. */
  readonly loss: number | null
}

/** Name of a figure's file. */
export const variantsFileName = (figure: string, scale: ScaleName): string =>
  `variants-${figure}-${scale}.json`

const isScore = (value: unknown): value is VariantScore =>
  typeof value === 'object' &&
  value !== null &&
  'identity' in value &&
  typeof value.identity === 'string' &&
  'variant' in value &&
  typeof value.variant === 'string' &&
  'accuracy' in value &&
  typeof value.accuracy === 'number' &&
  'loss' in value &&
  (value.loss === null || typeof value.loss === 'number')

/** Levels: the file, its list, a score. */
const deepest = 4

/** Read the file's text; null for anything else. */
export const parseVariantScores = (text: string): readonly VariantScore[] | null => {
  if (E.isLeft(parseStrictJson(text, deepest))) return null
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== format)
    return null
  return 'scores' in value && Array.isArray(value.scores) && value.scores.every(isScore) ? value.scores : null
}

/** What was measured of a figure; nothing where there is no such file, or a damaged one: then it is measured anew. */
export const readVariantScores = async (
  directory: string,
  figure: string,
  scale: ScaleName,
): Promise<readonly VariantScore[]> => {
  try {
    return parseVariantScores(await readFile(join(directory, variantsFileName(figure, scale)), 'utf8')) ?? []
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Write the file, a score a line. @throws the file system's error. */
export const writeVariantScores = (
  directory: string,
  figure: string,
  scale: ScaleName,
  scores: readonly VariantScore[],
): Promise<void> =>
  writeFileSafely(
    join(directory, variantsFileName(figure, scale)),
    `{"format":"${format}","scores":[\n${scores.map((score) => JSON.stringify(score)).join(',\n')}\n]}\n`,
  )
