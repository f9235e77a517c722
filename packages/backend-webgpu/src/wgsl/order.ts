/**
 * Bits as order. Weights are bound as `u32`: every comparison and every copy is of bits, so that no device's float arithmetic (which may
 * flush subnormals) can change an order or a value.
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
