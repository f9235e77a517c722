/** In which fields two experiments differ, for people. */

const longestValue = 60

const show = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Compare what two files say, field by field; the order of fields does not count.
 *
 * @param configured from `config.json`, as JSON.
 * @param trained from a checkpoint, as JSON.
 * @returns one text a field, for example `outer.syncPeriod.period is 5, but 7 in the checkpoint`.
 */
export const experimentDifferences = (
  configured: unknown,
  trained: unknown,
  path = '',
): readonly string[] => {
  if (isRecord(configured) && isRecord(trained))
    return [...new Set([...Object.keys(configured), ...Object.keys(trained)])].flatMap((key) =>
      experimentDifferences(configured[key], trained[key], path === '' ? key : `${path}.${key}`),
    )
  return JSON.stringify(configured) === JSON.stringify(trained)
    ? []
    : [`${path} is ${show(configured)}, but ${show(trained)} in the checkpoint`]
}
