/** Whether a file's name fits what is written into it. */
import { extname } from 'node:path'
import { type Failure, usageError } from './failure.ts'
import type { Output } from './write-output.ts'

/** Endings that say what a file is; any other says nothing. */
const tellingEndings: readonly string[] = [
  ...['.csv', '.tsv', '.json', '.jsonl', '.npz', '.npy', '.safetensors', '.laperm', '.h5', '.keras', '.onnx'],
  ...['.svg', '.png', '.jpg', '.jpeg', '.gif', '.webp', '.pdf', '.html', '.xlsx', '.parquet'],
]

/**
 * Whether a file's name says that it is something else than what is written into it.
 *
 * @param ending of what is written: `.csv`.
 * @returns null where it does not.
 */
export const endingProblem = (
  { flag, path }: Pick<Output, 'flag' | 'path'>,
  ending: string,
): Failure | null => {
  const found = extname(path).toLowerCase()
  return found === ending || !tellingEndings.includes(found)
    ? null
    : usageError(
        `${flag} ${path} ends in ${found}, but ${ending} is written. Name a file that ends in ${ending}.`,
      )
}
