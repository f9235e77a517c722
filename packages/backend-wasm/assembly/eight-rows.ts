/**
 * Sorting networks on eight adjacent rows, with which every merge begins and ends. Written by `npm run build:networks` from the lists of
 * comparisons in scripts/build-networks.mjs; a test fails when it is out of date.
 *
 * All addresses are one register plus a constant, unlike those of `compareEights`, which must be computed.
 */

/** Sort runs of eight rows. */
export function sortEights(base: usize, end: usize): void {
  let t: v128
  for (let at = base; at < end; at += 128) {
    let r0 = v128.load(at)
    let r1 = v128.load(at, 16)
    let r2 = v128.load(at, 32)
    let r3 = v128.load(at, 48)
    let r4 = v128.load(at, 64)
    let r5 = v128.load(at, 80)
    let r6 = v128.load(at, 96)
    let r7 = v128.load(at, 112)
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
    v128.store(at, r0)
    v128.store(at, r1, 16)
    v128.store(at, r2, 32)
    v128.store(at, r3, 48)
    v128.store(at, r4, 64)
    v128.store(at, r5, 80)
    v128.store(at, r6, 96)
    v128.store(at, r7, 112)
  }
}

/** Compare rows four apart, then two, then one. */
export function finishEights(base: usize, end: usize): void {
  let t: v128
  for (let at = base; at < end; at += 128) {
    let r0 = v128.load(at)
    let r1 = v128.load(at, 16)
    let r2 = v128.load(at, 32)
    let r3 = v128.load(at, 48)
    let r4 = v128.load(at, 64)
    let r5 = v128.load(at, 80)
    let r6 = v128.load(at, 96)
    let r7 = v128.load(at, 112)
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
    v128.store(at, r0)
    v128.store(at, r1, 16)
    v128.store(at, r2, 32)
    v128.store(at, r3, 48)
    v128.store(at, r4, 64)
    v128.store(at, r5, 80)
    v128.store(at, r6, 96)
    v128.store(at, r7, 112)
  }
}

/** Merge sorted runs of eight rows to runs of sixteen: compare one with the mirror image of the other, then merge each. */
export function mergeToSixteens(base: usize, end: usize): void {
  let t: v128
  for (let at = base; at < end; at += 256) {
    let r0 = v128.load(at, 128)
    let r1 = v128.load(at, 144)
    let r2 = v128.load(at, 160)
    let r3 = v128.load(at, 176)
    let r4 = v128.load(at, 192)
    let r5 = v128.load(at, 208)
    let r6 = v128.load(at, 224)
    let r7 = v128.load(at, 240)
    t = v128.load(at, 112)
    v128.store(at, i32x4.min_u(t, r0), 112)
    r0 = i32x4.max_u(t, r0)
    t = v128.load(at, 96)
    v128.store(at, i32x4.min_u(t, r1), 96)
    r1 = i32x4.max_u(t, r1)
    t = v128.load(at, 80)
    v128.store(at, i32x4.min_u(t, r2), 80)
    r2 = i32x4.max_u(t, r2)
    t = v128.load(at, 64)
    v128.store(at, i32x4.min_u(t, r3), 64)
    r3 = i32x4.max_u(t, r3)
    t = v128.load(at, 48)
    v128.store(at, i32x4.min_u(t, r4), 48)
    r4 = i32x4.max_u(t, r4)
    t = v128.load(at, 32)
    v128.store(at, i32x4.min_u(t, r5), 32)
    r5 = i32x4.max_u(t, r5)
    t = v128.load(at, 16)
    v128.store(at, i32x4.min_u(t, r6), 16)
    r6 = i32x4.max_u(t, r6)
    t = v128.load(at)
    v128.store(at, i32x4.min_u(t, r7))
    r7 = i32x4.max_u(t, r7)
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
    v128.store(at, r0, 128)
    v128.store(at, r1, 144)
    v128.store(at, r2, 160)
    v128.store(at, r3, 176)
    v128.store(at, r4, 192)
    v128.store(at, r5, 208)
    v128.store(at, r6, 224)
    v128.store(at, r7, 240)
    r0 = v128.load(at)
    r1 = v128.load(at, 16)
    r2 = v128.load(at, 32)
    r3 = v128.load(at, 48)
    r4 = v128.load(at, 64)
    r5 = v128.load(at, 80)
    r6 = v128.load(at, 96)
    r7 = v128.load(at, 112)
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
    v128.store(at, r0)
    v128.store(at, r1, 16)
    v128.store(at, r2, 32)
    v128.store(at, r3, 48)
    v128.store(at, r4, 64)
    v128.store(at, r5, 80)
    v128.store(at, r6, 96)
    v128.store(at, r7, 112)
  }
}
