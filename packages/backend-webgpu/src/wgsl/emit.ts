/**
 * What a sorting stage writes: the last stage the result, an earlier one pairs for a merge.
 */

/** What the last stage writes at the end of a sort. */
export type Emit = 'sort' | 'rank' | 'sync'

/** Bindings of the last stage, and \`emit\`, which writes the result for the weight of rank \`position\` with index \`index\` in its vector. */
const lastStage = (emit: Emit): string => {
  const bindings = `
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
${emit === 'sync' ? '@group(0) @binding(3) var<storage, read> theta_sorted: array<u32>;' : ''}
fn emit(vector: u32, position: u32, key: u32, index: u32) {`
  switch (emit) {
    case 'sort':
      return `${bindings} result[position * u.count + vector] = bits_of(key); }`
    case 'rank':
      return `${bindings} result[index * u.count + vector] = bitcast<u32>(f32(position)); }`
    case 'sync':
      return `${bindings} result[index * u.count + vector] = theta_sorted[position * u.count + vector]; }`
    default:
      return emit satisfies never
  }
}

/** Bindings of a stage that writes sorted runs of pairs for a merge, one vector after the other. */
const pairStage = `
@group(0) @binding(2) var<storage, read_write> pairs: array<vec2u>;
fn emit(vector: u32, position: u32, key: u32, index: u32) {
  pairs[(vector - u.first_vector) * u.length + position] = vec2u(key, index);
}
`

/** Bindings of a stage's output and the function `emit(vector, position, key, index)` that writes to it. */
export const output = (emit: Emit | 'pairs'): string => (emit === 'pairs' ? pairStage : lastStage(emit))
