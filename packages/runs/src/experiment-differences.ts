/** In which fields two experiments differ, for people. */
import { isRecord } from '@laperm/core/settings'

const longestValue = 60

const show = (value: unknown): string => {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text
}

/**
 * Compare two experiments, field by field; the order of fields does not count, and a field that is undefined or null is none.
 *
 * @param configured from `config.json`.
 * @param where the other one stands, after its value: `in the checkpoint`.
 * @returns one text a field, for example `outer.syncPeriod.period is 5, but 7 in the checkpoint`.
 */
export const experimentDifferences = (
  configured: unknown,
  other: unknown,
  where: string,
  path = '',
): readonly string[] => {
  if (isRecord(configured) && isRecord(other))
    return [...new Set([...Object.keys(configured), ...Object.keys(other)])].flatMap((key) =>
      experimentDifferences(configured[key], other[key], where, path === '' ? key : `${path}.${key}`),
    )
  return JSON.stringify(configured ?? null) === JSON.stringify(other ?? null)
    ? []
    : [`${path} is ${show(configured)}, but ${show(other)} ${where}`]
}
