import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeSafetensors } from '@laperm/formats'
import { expect, test } from 'vitest'
import { runCaptured } from './captured-cli.ts'
import { makeDirectory } from './laperm-process.ts'
import { fixture, inTinyModel } from './tiny-model.ts'

const keras: { readonly accuracy: number } = JSON.parse(readFileSync(fixture('keras.json'), 'utf8'))

test.each(['safetensors', 'npz', 'h5'])(
  'weights that leave as .%s come back the same network',
  async (ending) => {
    const path = join(makeDirectory(), `tiny.${ending}`)
    const written = await runCaptured(['export', fixture('keras3.keras'), '--to', path, '--json'])
    expect(written.code).toBe(0)
    expect(JSON.parse(written.out)).toMatchObject({ path, tensors: 22, weights: 1770 })
    const words = [...inTinyModel, '--json']
    const { out } = await runCaptured(['evaluate', path, ...words])
    expect(Math.fround(JSON.parse(out).testAccuracy)).toBe(keras.accuracy)
    const again = await runCaptured(['export', fixture('keras3.keras'), '--to', path])
    expect(again.code).toBe(2)
    expect(again.err).toMatch(/is there already\. Name another file with --to, or replace it with --force/)
  },
)

test('nothing is written where it was not asked for, whatever a tensor is called', async () => {
  const directory = makeDirectory()
  const hostile = join(directory, 'hostile.safetensors')
  writeFileSync(
    hostile,
    encodeSafetensors([{ name: '../../up', shape: [1], values: Float32Array.of(1) }], {}),
  )
  for (const ending of ['npz', 'h5', 'safetensors']) {
    const to = join(directory, `a.${ending}`)
    const { code, err } = await runCaptured(['export', hostile, '--to', to])
    expect(code).toBe(2)
    expect(err).toMatch(/calls a tensor '\.\.\/\.\.\/up', which would lead out of where it is unpacked/)
    expect(existsSync(to)).toBe(false)
  }
  expect((await runCaptured(['export', hostile])).err).toMatch(
    /--to names the new file, which ends in \.safetensors, \.npz, \.h5/,
  )
  expect((await runCaptured(['export', hostile, '--to', 'a.pt'])).err).toMatch(
    /the ending says what is written/,
  )
})
