/** One text for one value: a hash of it does not depend on how the value was written. */

const canonical = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item) ?? 'null').join(',')}]`
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new TypeError(`canonicalJson: JSON has no ${value}`)
    return JSON.stringify(value)
  }
  const record = value as Readonly<Record<string, unknown>>
  let members = ''
  for (const key of Object.keys(record).sort()) {
    const text = canonical(record[key])
    if (text !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${text}`
  }
  return `{${members}}`
}

/**
 * The JSON text of plain data with its keys in order: the same for a value and for what `JSON.parse` makes of its JSON.
 *
 * Keys are sorted by their UTF-16 code units, fields that are undefined are left out, -0 is written as 0, and there are no spaces. Numbers
 * are written as JavaScript writes them: the shortest decimals that give the same number back.
 *
 * @throws TypeError for NaN, infinities, and a value that is no data.
 */
export const canonicalJson = (value: unknown): string => {
  const text = canonical(value)
  if (text === undefined) throw new TypeError(`canonicalJson: ${typeof value} is no JSON value`)
  return text
}
