/** Sizes of a packed network beside what else one would store, and how long packing takes. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { constants, gzipSync } from 'node:zlib'
import { log10DistinctPermutationCount, type Params, shuffleWeightVectors } from '@laperm/core'
import { packLaperm, readLapermHeader, type Sha256, unpackLaperm } from '@laperm/formats'
import { makeInitialParams, packNetwork, resolveExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { renderTable, writeJson } from '../harness/report.ts'

const sha256: Sha256 = (pieces) =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex')

/** The networks as their recipes make them, and pruned. */
const cases: readonly { readonly model: string; readonly sparsity?: number }[] = [
  { model: 'f1' },
  { model: 'f2' },
  ...['conv7', 'conv4', 'conv13', 'resnet50'].flatMap((model) => [
    { model },
    { model, sparsity: 0.5 },
    { model, sparsity: 0.7 },
  ]),
]

/** @throws Error when it is a `Left`. */
const must = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const zstdSize = (bytes: Uint8Array): number | null => {
  const { stdout, status } = spawnSync('zstd', ['-19', '-q', '-c'], {
    input: bytes,
    maxBuffer: 2 * bytes.length + 1024,
  })
  return status === 0 ? stdout.length : null
}

const bytesOf = (params: Params): Buffer =>
  Buffer.concat(
    params.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  )

const measure = ({ model, sparsity }: (typeof cases)[number]) => {
  const experiment = must(resolveExperiment({ model, ...(sparsity === undefined ? {} : { sparsity }) }))
  const initial = must(makeInitialParams(experiment))
  // As training leaves it: kernels in another order, everything else with values of its own.
  const params = shuffleWeightVectors(initial, ['kernel'], 7).map((parameter) =>
    parameter.role === 'kernel'
      ? parameter
      : { ...parameter, values: parameter.values.map((value, i) => value + Math.fround(Math.sin(i + 1))) },
  )
  // What `laperm pack` writes of the experiment.
  const unmoved = must(packNetwork(experiment, initial, { sha256 }))
  const origin = must(readLapermHeader(model, unmoved, { sha256 })).header.initial
  const start = performance.now()
  const packed = must(packLaperm(initial, params, { initial: origin, permutedRoles: ['kernel'], sha256 }))
  const packMs = performance.now() - start
  const again = performance.now()
  const back = must(unpackLaperm(model, packed, initial, { sha256 }))
  const unpackMs = performance.now() - again
  const raw = bytesOf(params)
  if (!bytesOf(back).equals(raw)) throw new Error(`${model}: other weights came back`)
  const { header } = must(readLapermHeader(model, packed, { sha256 }))
  const free = header.parameters.reduce(
    (sum, { coding, bytes }) => sum + (coding === 'float32' ? bytes : 0),
    0,
  )
  const least = log10DistinctPermutationCount(initial) / Math.log10(256) + free
  return {
    name: sparsity === undefined ? model : `${model}, p = ${sparsity}`,
    weights: raw.length / 4,
    packed: packed.length,
    least,
    // A byte a weight and one float32 a kernel's vector.
    int8: params.reduce(
      (sum, { role, shape, values }) =>
        sum + (role === 'kernel' ? values.length + 4 * (shape.at(-1) ?? 0) : values.byteLength),
      0,
    ),
    gzip: gzipSync(raw, { level: constants.Z_BEST_COMPRESSION }).length,
    zstd: zstdSize(raw),
    packMs,
    unpackMs,
  }
}

const count = (value: number | null): string =>
  value === null ? '-' : Math.round(value).toLocaleString('en-US')

/** Pack every network, check that it comes back bit for bit, and compare. */
export const measurePackedSizes = ({ json }: { readonly json: string }): string => {
  const measured = cases.map((one) => {
    console.error(`${one.model} ${one.sparsity ?? ''}`)
    return measure(one)
  })
  writeJson(json, measured)
  return renderTable({
    title: 'Packed networks, bytes',
    header: [
      'network',
      'weights',
      '.laperm',
      'the least: log2 of the orders + free parameters',
      'over it',
      'float32',
      'gzip -9',
      'zstd -19',
      'int8',
      'pack, s',
      'unpack, s',
    ],
    rows: measured.map(({ name, weights, packed, least, gzip, zstd, int8, packMs, unpackMs }) => [
      name,
      count(weights),
      count(packed),
      count(least),
      `${((packed / least - 1) * 100).toFixed(2)}%`,
      count(4 * weights),
      count(gzip),
      count(zstd),
      count(int8),
      (packMs / 1000).toFixed(2),
      (unpackMs / 1000).toFixed(2),
    ]),
    notes: [
      'Kernels in a drawn order: every order takes the same number of bytes. What is not permuted has values of its own and is in the file as float32. Every file was unpacked and compared bit for bit. int8: a byte a weight and a scale a vector, with loss.',
      ...(measured.some(({ zstd }) => zstd === null)
        ? ['zstd was not found here (apt-get install zstd).']
        : []),
    ],
  })
}
