/** A visitor's module for "Bring your own backend". */

/**
 * A whole backend in a few lines.
 *
 * @param {string} compare orders weights a and b at places i and j.
 */
export const ownBackend = (compare) => `
const orderOf = ({ values, length, count }, column) => {
  const at = (i) => values[i * count + column]
  return [...Array(length).keys()].sort((i, j) => { const [a, b] = [at(i), at(j)]; return ${compare} })
}
const fill = (w, write) => {
  const out = new Float32Array(w.values.length)
  for (let column = 0; column < w.count; column++)
    orderOf(w, column).forEach((i, rank) => write(out, w, i, rank, column))
  return { ...w, values: out }
}
const rank = (w) => fill(w, (out, { count }, i, r, c) => { out[i * count + c] = r })
const sort = (w) => fill(w, (out, { values, count }, i, r, c) => { out[r * count + c] = values[i * count + c] + 0 })
const permute = (sorted, ranks) => {
  if (sorted.length !== ranks.length || sorted.count !== ranks.count) throw new RangeError('sizes differ')
  return ({
  ...sorted,
  values: Float32Array.from(ranks.values, (r, at) => sorted.values[r * sorted.count + (at % sorted.count)]),
})}
export const makeBackend = async () => ({
  name: 'mine', device: 'this page', refusesNaN: false, keepsSubnormals: true,
  upload: (w) => ({ ...w, values: w.values.slice() }),
  download: async (bank) => ({ ...bank, values: bank.values.slice() }),
  sort, rank, permute, sync: (sorted, w) => permute(sorted, rank(w)),
  dispose: () => {}, close: () => {},
})`
