/**
 * Order keys of float32 bits. Weights are bound as `u32`, and only bits are compared and copied: a device's float arithmetic, which may flush
 * subnormals, can change neither an order nor a value.
 */

/** Ascending unsigned integers for ascending floats: both zeros share a key, every NaN is last. `bits_of` turns a key back, zeros as +0. */
export const order = `
fn key_of(bits: u32) -> u32 {
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return 0xffffffffu; }
  if (magnitude == 0u) { return 0x80000000u; }
  return select(~bits, bits | 0x80000000u, bits == magnitude);
}
fn bits_of(key: u32) -> u32 {
  if (key == 0xffffffffu) { return 0x7fc00000u; }
  return select(~key, key & 0x7fffffffu, (key & 0x80000000u) != 0u);
}
`
