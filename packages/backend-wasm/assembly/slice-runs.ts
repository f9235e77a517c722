/**
 * Turn eight rows of weights into a sorted run of entries within registers, so that each weight is read once.
 */
import { lowestOf, scalesOf } from './weight-bounds'

/**
 * Adding 2^23 to a float32 in [0, 2^22] leaves the number, rounded to an integer, in its low bits. Rounding is monotone.
 *
 * The bits above the number are the same in all entries, or are shifted out when the index is put in: they need not be cleared.
 */
export const MAGIC: f32 = 8388608

/**
 * Write sorted runs of eight entries each.
 *
 * @param rows a multiple of eight.
 */
export function writeEights(near: usize, rows: i32, indexBits: i32, notes: usize, entries: usize): void {
  const lowest = lowestOf(notes)
  const scales = scalesOf(notes)
  const magic = f32x4.splat(MAGIC)
  const one = i32x4.splat(1)
  let index = i32x4.splat(0)
  let w: v128
  let t: v128
  const end = entries + ((<usize>rows) << 4)
  for (let to = entries; to < end; to += 128) {
    w = v128.load(near)
    let r0 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r0 = v128.or(i32x4.shl(r0, indexBits), index)
    index = i32x4.add(index, one)
    w = v128.load(near, 16)
    let r1 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r1 = v128.or(i32x4.shl(r1, indexBits), index)
    index = i32x4.add(index, one)
    w = v128.load(near, 32)
    let r2 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r2 = v128.or(i32x4.shl(r2, indexBits), index)
    index = i32x4.add(index, one)
    w = v128.load(near, 48)
    let r3 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r3 = v128.or(i32x4.shl(r3, indexBits), index)
    index = i32x4.add(index, one)
    w = v128.load(near, 64)
    let r4 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r4 = v128.or(i32x4.shl(r4, indexBits), index)
    index = i32x4.add(index, one)
    w = v128.load(near, 80)
    let r5 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r5 = v128.or(i32x4.shl(r5, indexBits), index)
    index = i32x4.add(index, one)
    w = v128.load(near, 96)
    let r6 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r6 = v128.or(i32x4.shl(r6, indexBits), index)
    index = i32x4.add(index, one)
    w = v128.load(near, 112)
    let r7 = f32x4.add(f32x4.mul(f32x4.sub(w, lowest), scales), magic)
    r7 = v128.or(i32x4.shl(r7, indexBits), index)
    index = i32x4.add(index, one)
    t = i32x4.min_u(r0, r2)
    r2 = i32x4.max_u(r0, r2)
    r0 = t
    t = i32x4.min_u(r1, r3)
    r3 = i32x4.max_u(r1, r3)
    r1 = t
    t = i32x4.min_u(r4, r6)
    r6 = i32x4.max_u(r4, r6)
    r4 = t
    t = i32x4.min_u(r5, r7)
    r7 = i32x4.max_u(r5, r7)
    r5 = t
    t = i32x4.min_u(r0, r4)
    r4 = i32x4.max_u(r0, r4)
    r0 = t
    t = i32x4.min_u(r1, r5)
    r5 = i32x4.max_u(r1, r5)
    r1 = t
    t = i32x4.min_u(r2, r6)
    r6 = i32x4.max_u(r2, r6)
    r2 = t
    t = i32x4.min_u(r3, r7)
    r7 = i32x4.max_u(r3, r7)
    r3 = t
    t = i32x4.min_u(r0, r1)
    r1 = i32x4.max_u(r0, r1)
    r0 = t
    t = i32x4.min_u(r2, r3)
    r3 = i32x4.max_u(r2, r3)
    r2 = t
    t = i32x4.min_u(r4, r5)
    r5 = i32x4.max_u(r4, r5)
    r4 = t
    t = i32x4.min_u(r6, r7)
    r7 = i32x4.max_u(r6, r7)
    r6 = t
    t = i32x4.min_u(r2, r4)
    r4 = i32x4.max_u(r2, r4)
    r2 = t
    t = i32x4.min_u(r3, r5)
    r5 = i32x4.max_u(r3, r5)
    r3 = t
    t = i32x4.min_u(r1, r4)
    r4 = i32x4.max_u(r1, r4)
    r1 = t
    t = i32x4.min_u(r3, r6)
    r6 = i32x4.max_u(r3, r6)
    r3 = t
    t = i32x4.min_u(r1, r2)
    r2 = i32x4.max_u(r1, r2)
    r1 = t
    t = i32x4.min_u(r3, r4)
    r4 = i32x4.max_u(r3, r4)
    r3 = t
    t = i32x4.min_u(r5, r6)
    r6 = i32x4.max_u(r5, r6)
    r5 = t
    v128.store(to, r0)
    v128.store(to, r1, 16)
    v128.store(to, r2, 32)
    v128.store(to, r3, 48)
    v128.store(to, r4, 64)
    v128.store(to, r5, 80)
    v128.store(to, r6, 96)
    v128.store(to, r7, 112)
    near += 128
  }
}
