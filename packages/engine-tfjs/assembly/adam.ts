/**
 * One step of Adam over a parameter, where its arrays lie: four weights at a time, each product, sum, quotient and root rounded to float32.
 *
 * Addresses are byte offsets into the memory that the module imports; `length` counts weights.
 */
export function adam(
  weights: usize,
  gradient: usize,
  m: usize,
  v: usize,
  nextWeights: usize,
  nextM: usize,
  nextV: usize,
  length: i32,
  oldM: f32,
  newM: f32,
  oldV: f32,
  newV: f32,
  rate: f32,
  epsilon: f32,
): void {
  const bytes: usize = (<usize>length) << 2
  const inFours: usize = bytes & ~15
  const oldMs = f32x4.splat(oldM)
  const newMs = f32x4.splat(newM)
  const oldVs = f32x4.splat(oldV)
  const newVs = f32x4.splat(newV)
  const rates = f32x4.splat(rate)
  const epsilons = f32x4.splat(epsilon)
  let at: usize = 0
  for (; at < inFours; at += 16) {
    const g = v128.load(gradient + at)
    const first = f32x4.add(f32x4.mul(v128.load(m + at), oldMs), f32x4.mul(g, newMs))
    const second = f32x4.add(f32x4.mul(v128.load(v + at), oldVs), f32x4.mul(f32x4.mul(g, g), newVs))
    v128.store(nextM + at, first)
    v128.store(nextV + at, second)
    const move = f32x4.div(f32x4.mul(first, rates), f32x4.add(f32x4.sqrt(second), epsilons))
    v128.store(nextWeights + at, f32x4.sub(v128.load(weights + at), move))
  }
  for (; at < bytes; at += 4) {
    const g = load<f32>(gradient + at)
    const first: f32 = load<f32>(m + at) * oldM + g * newM
    const second: f32 = load<f32>(v + at) * oldV + g * g * newV
    store<f32>(nextM + at, first)
    store<f32>(nextV + at, second)
    store<f32>(nextWeights + at, load<f32>(weights + at) - (first * rate) / (sqrt<f32>(second) + epsilon))
  }
}
