import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeSafetensors } from '@laperm/formats'
import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'

const saved = (
  file: string,
  metadata: Record<string, string>,
  values: readonly number[],
  shape: readonly number[],
) =>
  writeFileSync(
    file,
    encodeSafetensors([{ name: 'fc.weight', shape, values: Float32Array.from(values) }], metadata),
  )

test("a run's layers are measured, and drawn on request without overwriting anything", async () => {
  const directory = makeDirectory()
  await laperm(
    [
      'train',
      'f2',
      '--limit',
      '200',
      '--batch-size',
      '50',
      '--epochs',
      '1',
      '--sync-period',
      '2',
      '--quiet',
      '--out',
      'run',
    ],
    directory,
  )
  const { code, stdout } = await laperm(['profile', 'run', '--json', '--svg', 'f2.svg', '--quiet'], directory)
  expect(code).toBe(0)
  const { layers } = JSON.parse(stdout)
  expect(
    layers.map(({ layer, vectors, length }: Record<string, unknown>) => [layer, vectors, length]),
  ).toEqual([
    ['dense1/kernel', 128, 784],
    ['dense2/kernel', 64, 128],
    ['dense3/kernel', 10, 64],
  ])
  expect(readFileSync(join(directory, 'f2.svg'), 'utf8')).toMatch(
    /^<svg [\s\S]*dense3\/kernel[\s\S]*<\/svg>\n$/,
  )
  const again = await laperm(['profile', 'run', '--svg', 'f2.svg', '--quiet'], directory)
  expect(again.code).toBe(2)
  expect(again.stderr).toMatch(/f2\.svg is there already/)
  const csv = await laperm(['profile', 'run', '--csv', '--layer', 'dense3', '--quiet'], directory)
  expect(csv.stdout.split('\n')[0]).toMatch(
    /^layer,vectors,length,vectorsLeftOut,similarity,similarityShuffled,similarityGaussian,/,
  )
  expect(csv.stdout.trim().split('\n')).toHaveLength(2)
  const unknown = await laperm(['profile', 'run', '--layer', 'dense3/kernal'], directory)
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toMatch(/no layer called 'dense3\/kernal'\. Did you mean 'dense3\/kernel'/)
})

test("PyTorch's weights have their neurons first, Keras's last; NaN is said and left out", async () => {
  const directory = makeDirectory()
  const layersOf = async (...words: readonly string[]) => {
    const { stdout, stderr } = await laperm(['profile', ...words, '--json', '--quiet'], directory)
    return { ...JSON.parse(stdout).layers[0], stderr }
  }
  saved(join(directory, 'torch.safetensors'), { format: 'pt' }, [1, 2, 3, 3, 1, 2], [2, 3])
  // Two neurons with the weights 1, 2, 3.
  expect(await layersOf('torch.safetensors')).toMatchObject({ vectors: 2, length: 3, similarity: 1 })
  expect(await layersOf('torch.safetensors', '--axes', 'keras')).toMatchObject({ vectors: 3, length: 2 })
  saved(join(directory, 'nan.safetensors'), {}, [1, 2, Number.NaN, 3, 1, 2], [2, 3])
  const { stderr, ...numbers } = await layersOf('nan.safetensors')
  // Nothing says whose file it is; 'weight' is PyTorch's word.
  expect(numbers).toMatchObject({ vectors: 1, vectorsLeftOut: 1 })
  expect(stderr).toMatch(/fc\.weight: 1 vectors hold NaN or infinities/)

  saved(join(directory, 'bias.safetensors'), {}, [1, 2], [2])
  expect((await laperm(['profile', 'bias.safetensors'], directory)).stderr).toMatch(
    /has no tensor with two axes or more/,
  )
  expect((await laperm(['profile', 'weights.bin'], directory)).stderr).toMatch(
    /there is no such file\. Name a run's directory/,
  )
  writeFileSync(join(directory, 'weights.bin'), 'no weights')
  expect((await laperm(['profile', 'weights.bin'], directory)).stderr).toMatch(
    /expected a file of weights .*, found bytes of no such format/,
  )
})

test('names of a foreign file reach the terminal without their escape sequences', async () => {
  const directory = makeDirectory()
  const tensor = { name: '\u001b[31mred', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }
  writeFileSync(join(directory, 'red.safetensors'), encodeSafetensors([tensor], {}))
  const { code, stdout, stderr } = await laperm(['profile', 'red.safetensors'], directory)
  expect(code).toBe(0)
  expect(stdout).toContain('\\u{1b}[31mred')
  expect(stdout + stderr).not.toContain('\u001b')
})

test('the same network has the same profile, whoever wrote it', async () => {
  const directory = makeDirectory()
  const profiles = await Promise.all(
    ['keras2-whole.h5', 'keras3.keras', 'model.json', 'tiny.onnx', 'numpy.npz', 'pytorch.safetensors'].map(
      async (file) => {
        const path = fileURLToPath(new URL(`../../../test/fixtures/weights/${file}`, import.meta.url))
        const { code, stdout } = await laperm(['profile', path, '--json', '--quiet'], directory)
        expect(code, file).toBe(0)
        const layers: readonly {
          readonly vectors: number
          readonly length: number
          readonly similarity: number
        }[] = JSON.parse(stdout).layers
        return layers
          .map(({ vectors, length, similarity }) => `${vectors} of ${length}: ${similarity.toFixed(9)}`)
          .sort()
      },
    ),
  )
  expect(profiles[0]).toHaveLength(5)
  for (const profile of profiles) expect(profile).toEqual(profiles[0])
})
