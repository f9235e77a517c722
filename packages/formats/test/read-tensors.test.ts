import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { afterAll, expect, test } from 'vitest'
import { blobSource, bytesSource, encodeSafetensors, readTensors, renderCorruptFile } from '../src/index.ts'
import { openFileSource } from '../src/node.ts'
import { isNameInside } from '../src/source/name-inside.ts'
import { openFixture, right } from './weight-fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'laperm-formats-'))
afterAll(() => rmSync(folder, { recursive: true }))

test("PyTorch's state dict: neurons first, roles by module, layers in natural order, no integers", async () => {
  const { tensors, leftOut, format, metadata } = await openFixture('pytorch.safetensors')
  expect(format).toBe('safetensors')
  expect(metadata.format).toBe('pt')
  expect(tensors.map(({ layer, role, neuronAxes }) => `${layer} ${role} ${neuronAxes}`)).toEqual([
    'block.conv1 bias ',
    'block.conv1 kernel 0',
    'block.conv2 bias ',
    'block.conv2 kernel 0',
    ...['block.norm1', 'block.norm2'].flatMap((layer) => [
      `${layer} beta `,
      `${layer} movingMean `,
      `${layer} movingVariance `,
      `${layer} gamma `,
    ]),
    'block.shortcut bias ',
    'block.shortcut kernel 0',
    'fc bias ',
    'fc kernel 0',
    'stem.0 bias ',
    'stem.0 kernel 0',
    'stem.1 beta ',
    'stem.1 movingMean ',
    'stem.1 movingVariance ',
    'stem.1 gamma ',
  ])
  expect(leftOut.map(({ name, dtype }) => `${name} ${dtype}`).sort()).toEqual([
    'block.norm1.num_batches_tracked I64',
    'block.norm2.num_batches_tracked I64',
    'stem.1.num_batches_tracked I64',
  ])
})

test('a tensor is read when it is asked for, the same from bytes, from a Blob and from a file', async () => {
  const bytes = encodeSafetensors(
    [
      { name: 'conv10/kernel', shape: [2, 2], values: Float32Array.of(1, 2, 3, Number.NaN) },
      { name: 'conv2/kernel', shape: [1, 3], values: Float32Array.of(4, 5, 6) },
    ],
    {},
  )
  const path = join(folder, 'a.safetensors')
  writeFileSync(path, bytes)
  const ranges: string[] = []
  const inner = bytesSource('a.safetensors', bytes)
  const counted = {
    ...inner,
    read: (start: number, length: number) => {
      ranges.push(`${start}+${length}`)
      return inner.read(start, length)
    },
  }
  const file = right(await openFileSource(path)())
  for (const source of [counted, blobSource('a.safetensors', new Blob([bytes])), file]) {
    const read = right(await readTensors(source)())
    // Sorted by name as text, which is no order of layers.
    expect(read.tensors.map(({ name }) => name)).toEqual(['conv2/kernel', 'conv10/kernel'])
    ranges.length = 0
    expect(right(await read.tensors[0].read())).toEqual(Float32Array.of(4, 5, 6))
    expect(right(await read.tensors[1].read())[3]).toBeNaN()
  }
  await file.close()
  const opened = right(await readTensors(counted)())
  ranges.length = 0
  await opened.tensors[0].read()
  expect(ranges).toEqual([`${bytes.length - 12}+12`])
})

test("a file of LaPerm's is held against its checksum before anything of it is given", async () => {
  const values = Float32Array.from({ length: 3_000_000 }, (_, i) => i)
  const bytes = encodeSafetensors([{ name: 'a', shape: [3_000_000], values }], { format: 'laperm-test/1' })
  const read = right(await readTensors(bytesSource('a', bytes))())
  expect(read.metadata).toEqual(Object.assign(Object.create(null), { format: 'laperm-test/1' }))
  bytes[bytes.length - 1] ^= 1
  const damaged = await readTensors(bytesSource('a', bytes))()
  expect(E.isLeft(damaged) && renderCorruptFile(damaged.left)).toMatch(/^a: expected sha256 [0-9a-f]{64}/)
})

test('what is no file of weights is refused in words', async () => {
  const refusal = async (bytes: Uint8Array): Promise<string> => {
    const read = await readTensors(bytesSource('x', bytes))()
    return E.isLeft(read) ? renderCorruptFile(read.left) : 'read'
  }
  expect(await refusal(new Uint8Array(0))).toMatch(/found an empty file/)
  expect(await refusal(new Uint8Array(100))).toMatch(/found bytes of no such format/)
  expect(await refusal(Buffer.from('LAPERM\0\x01................'))).toMatch(/unpackLaperm reads it/)
  const missing = await openFileSource(join(folder, 'nowhere'))()
  expect(E.isLeft(missing) && missing.left.found).toBe('none')
  const directory = await openFileSource(folder)()
  expect(E.isLeft(directory) && directory.left.found).toBe('a directory')
})

test('names of other files stay inside the directory, links included', async () => {
  for (const name of ['a.bin', 'shards/a.bin', '...', 'a..b']) expect(isNameInside(name), name).toBe(true)
  for (const name of ['', '..', '../a', 'a/../../b', '/etc/passwd', 'a//b', 'c:a', 'a\\b', '.', 'a/.', 'a\0'])
    expect(isNameInside(name), name).toBe(false)
  writeFileSync(join(folder, 'net.onnx'), '')
  symlinkSync('/etc/passwd', join(folder, 'link.bin'))
  const source = right(await openFileSource(join(folder, 'net.onnx'))())
  await expect(source.beside?.('link.bin')).rejects.toThrow(/a link to \/etc\/passwd/)
  await expect(source.beside?.('../a')).rejects.toThrow(/names of files inside its directory/)
  await source.close()
})
