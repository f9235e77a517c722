/**
 * Look for NaN.
 */

/** Whether one of `count` float32 values at `at` is NaN. */
export function hasNaN(at: usize, count: i32): bool {
  const end = at + ((<usize>count) << 2)
  const roundsEnd = at + ((<usize>(count & ~15)) << 2)
  let found = i32x4.splat(0)
  for (; at < roundsEnd; at += 64) {
    const a = v128.load(at)
    const b = v128.load(at, 16)
    const c = v128.load(at, 32)
    const d = v128.load(at, 48)
    const ab = v128.or(f32x4.ne(a, a), f32x4.ne(b, b))
    found = v128.or(found, v128.or(ab, v128.or(f32x4.ne(c, c), f32x4.ne(d, d))))
  }
  if (v128.any_true(found)) return true
  for (; at < end; at += 4) {
    if ((load<u32>(at) & 0x7fffffff) > 0x7f800000) return true
  }
  return false
}
