import { encodeSafetensors, toTensors } from '@laperm/formats'
import { drawInitialParams } from '@laperm/train'
import { describe, expect, test } from 'vitest'
import { beginningBytes, refuseBeginning } from '../../src/page/file-beginning.ts'
import { readGiven } from '../../src/page/read-given.ts'
import { defaultSettings } from '../../src/settings/default-settings.ts'
import { networkOf } from '../../src/settings/experiments.ts'
import { packParams } from '../../src/worker/network-file.ts'

const params = drawInitialParams(networkOf(defaultSettings))
const safetensors = encodeSafetensors(toTensors(params), {})
const packed = packParams(params, defaultSettings, 'laperm')
const laperm = packed._tag === 'Right' ? packed.right : new Uint8Array()
const begin = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, beginningBytes)
const text = new TextEncoder().encode('Dear diary, today')

describe('by its first bytes a file', () => {
  test('is taken where it may be what is wanted', () => {
    expect(refuseBeginning('a', Uint8Array.of(0, 0, 8, 3, 0), 'data')).toBeNull()
    expect(refuseBeginning('a', Uint8Array.of(0x1f, 0x8b, 8), 'data')).toBeNull()
    expect(refuseBeginning('a', begin(safetensors), 'network')).toBeNull()
    expect(refuseBeginning('a', begin(laperm), 'network')).toBeNull()
  })

  test.each([
    [Uint8Array.of(255, 216, 255, 224), 'data', '“a” is a JPEG picture: MNIST'],
    [begin(safetensors), 'data', '“a” is a .safetensors file: MNIST'],
    [begin(text), 'data', '“a” is a text: MNIST'],
    [new Uint8Array(), 'data', '“a” is empty: MNIST'],
    [Uint8Array.of(0x50, 0x4b, 3, 4, 0), 'network', '“a” is a zip archive: a network'],
    [Uint8Array.of(0, 0, 8, 3), 'network', '“a” is an idx file: a network'],
    [Uint8Array.of(1, 2, 3, 4, 5), 'network', '“a” begins with the bytes 01 02 03 04: a network'],
  ] as const)('%o as %s says what it is or is not', (first, wanted, words) => {
    expect(refuseBeginning('a', first, wanted)).toContain(words)
  })

  test('is refused before the rest of it is read', async () => {
    const file = new File([Uint8Array.of(255, 216, 255)], 'cat.jpg')
    file.arrayBuffer = () => Promise.reject(new Error('all of it was read'))
    expect(await readGiven(file, 'data')).toMatchObject({
      left: expect.stringContaining('is a JPEG picture'),
    })
  })
})
