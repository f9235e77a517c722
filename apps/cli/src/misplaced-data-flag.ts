/** Flags about data files that a data set has no use for: what they ask for would not happen, and nobody would know. */
import { datasets } from '@laperm/data'
import { type UsageError, usageError } from './failure.ts'
import type { DataFlags } from './flags.ts'

/** What is trained or measured on. */
export interface DataInUse {
  readonly dataset: string
  /** Of data of one's own: where they are. */
  readonly folder: string | null
  /** Whether the same command says so, so that `--data-dir` has nothing to add; a run that is gone on with may have moved data. */
  readonly isNamedHere: boolean
}

const published = datasets.filter(({ origin }) => origin !== 'drawn').map(({ name }) => name)

/**
 * The error of `--data-dir` or `--accept-checksum` where it means nothing; null where each does its work. Environment variables are for all
 * commands, so they are none.
 */
export const misplacedDataFlag = (
  { dataDir, acceptChecksum }: DataFlags,
  { dataset, folder, isNamedHere }: DataInUse,
): UsageError | null => {
  const isDrawn =
    folder === null && datasets.some(({ name, origin }) => name === dataset && origin === 'drawn')
  const given = dataDir !== undefined ? '--data-dir' : acceptChecksum === true ? '--accept-checksum' : null
  if (given === null) return null
  if (isDrawn)
    return usageError(
      `${given} is about data files, and LaPerm draws ${dataset} itself. Leave it out, or name a data set that has files: ${published.join(', ')}.`,
    )
  if (folder === null) return null
  if (dataDir !== undefined && isNamedHere)
    return usageError(
      `--data-dir is for the files of ${published.join(', ')}, but --dataset already says where data of your own are: ${folder}. Leave --data-dir out.`,
    )
  return acceptChecksum === true
    ? usageError(
        `--accept-checksum is for files of ${published.join(', ')}; data of your own have no published checksum. Leave it out.`,
      )
    : null
}
