/** Damage for fuzzers: seeded changes of bytes and of JSON texts, the same ones for every format that is read. */
import type { Random } from '@laperm/core'

const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x28, 0x29, 0x7b, 0x2c, 0x39]

const pick = <A>(items: readonly A[], random: Random): A => items[random.nextInt(items.length)]

/** One to three changes: a bit, an extreme byte, four of 0xff, a cut, a piece twice, a piece from elsewhere, something appended. */
export const damageBytes = (bytes: Uint8Array, random: Random): Uint8Array => {
  let damaged = Buffer.from(bytes)
  for (let change = random.nextInt(3); change >= 0; change--) {
    if (damaged.length === 0) return damaged
    // Half of the places in the first 128 bytes, where headers are.
    const at = random.nextInt(random.nextInt(2) === 0 ? Math.min(128, damaged.length) : damaged.length)
    switch (random.nextInt(7)) {
      case 0:
        damaged[at] ^= 1 << random.nextInt(8)
        break
      case 1:
        damaged[at] = pick(extremes, random)
        break
      case 2:
        damaged.fill(0xff, at, Math.min(at + 4, damaged.length))
        break
      case 3:
        damaged = damaged.subarray(0, at)
        break
      case 4:
        damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(Math.max(0, at - 9))])
        break
      case 5:
        damaged.copyWithin(at, random.nextInt(damaged.length), damaged.length)
        break
      default:
        damaged = Buffer.concat([damaged, Buffer.alloc(1 + random.nextInt(40), random.nextInt(256))])
    }
  }
  return damaged
}

/** Values in place of a number of a JSON text. */
const hostileNumbers = [
  '1e308',
  '1e999',
  '-1',
  '-0',
  '0',
  '0.5',
  '4294967296',
  '9007199254740993',
  'null',
  '"7"',
  '[]',
]

/** JSON in place of any value: deep nesting, a prototype's name, terminal escapes, a NUL, a long text. */
const hostileValues = [
  '['.repeat(100_000),
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  '{"__proto__":{"kind":"dense"}}',
  '"constructor"',
  '"\\u001b[2J\\u0007"',
  '"a\\u0000b"',
  `"${'x'.repeat(100_000)}"`,
  'true',
  '{}',
]

/** Change a JSON text: a number or a value for a hostile one, a member twice, or its bytes as {@link damageBytes} does. */
export const damageJson = (bytes: Uint8Array, random: Random): Uint8Array => {
  const text = Buffer.from(bytes).toString('utf8')
  const replaceOne = (pattern: RegExp, by: (found: string) => string): Uint8Array => {
    const places = [...text.matchAll(pattern)]
    if (places.length === 0) return damageBytes(bytes, random)
    const place = pick(places, random)
    const found = place[0]
    return Buffer.from(text.slice(0, place.index) + by(found) + text.slice(place.index + found.length))
  }
  switch (random.nextInt(4)) {
    case 0:
      return replaceOne(/-?\b\d[\d.e+-]*/g, () => pick(hostileNumbers, random))
    case 1:
      return replaceOne(/(?<=:\s*)("[^"]*"|-?\d[\d.e+-]*|true|false|null|\[|\{)/g, () =>
        pick(hostileValues, random),
      )
    case 2:
      return replaceOne(/"[^"]*":\s*("[^"]*"|-?\d[\d.e+-]*|true|false|null),?/g, (member) =>
        random.nextInt(2) === 0 ? '' : `${member.replace(/,$/, '')},${member}`,
      )
    default:
      return damageBytes(bytes, random)
  }
}
