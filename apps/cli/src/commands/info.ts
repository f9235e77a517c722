/** `laperm info`: what a `.laperm` file holds, parameter by parameter, beside the least that its arrangements can take. */
import { log10DistinctPermutationCount, type Params } from '@laperm/core'
import { type LapermHeader, needsInitialWeights } from '@laperm/formats'
import { nodeSha256 } from '@laperm/runs'
import { modelNameOf, unpackNetwork } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { type Failure, reportFailure } from '../failure.ts'
import { outputFlags } from '../flags.ts'
import { formatCount, formatShare } from '../format.ts'
import { readPackedHeader, weightCount } from '../packed-file.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { type TextColumn, tableLines } from '../text-table.ts'

/** A parameter with the bytes that its arrangements take at least: the logarithm of their number; null where its initial weights are not known. */
const described = ({ parameters }: LapermHeader, initialParams: Params | null) =>
  parameters.map(({ name, shape, coding, bytes }) => {
    const initial = initialParams?.find((parameter) => parameter.name === name)
    const least =
      coding !== 'arrangement'
        ? bytes
        : initial === undefined
          ? null
          : Math.ceil(log10DistinctPermutationCount([initial], [initial.role]) / Math.log10(256))
    return { name, shape, coding, bytes, leastBytes: least }
  })

type Described = ReturnType<typeof described>[number]

const columns: readonly TextColumn<Described>[] = [
  { title: 'parameter', text: ({ name }) => name },
  { title: 'shape', text: ({ shape }) => shape.join(' x ') },
  { title: 'written as', text: ({ coding }) => coding },
  { title: 'bytes', text: ({ bytes }) => formatCount(bytes), isNumber: true },
  {
    title: 'at least',
    text: ({ leastBytes }) => (leastBytes === null ? '-' : formatCount(leastBytes)),
    isNumber: true,
  },
]

/** What a file is, and its parameters. */
interface Contents {
  readonly bytes: number
  readonly header: LapermHeader
  readonly parameters: readonly Described[]
  /** As words, and as fields of JSON. */
  readonly origin: string
  readonly fields: Readonly<Record<string, unknown>>
}

const initialSha256 = (initial: unknown): string =>
  typeof initial === 'object' && initial !== null && 'sha256' in initial ? String(initial.sha256) : ''

/** Of a file of ours its weights are proved; another program's are known by the hash of their initial ones alone. */
const contentsOf = async (path: string): Promise<E.Either<Failure, Contents>> => {
  const read = await readPackedHeader(path)
  if (E.isLeft(read)) return read
  const { bytes, header } = read.right
  if (needsInitialWeights(header.initial)) {
    const sha256 = initialSha256(header.initial)
    return E.right({
      bytes: bytes.length,
      header,
      parameters: described(header, null),
      origin: `weights of another program, packed against initial ones with the SHA-256 ${sha256}`,
      fields: { initialSha256: sha256 },
    })
  }
  const network = unpackNetwork(path, bytes, { sha256: nodeSha256 })
  if (E.isLeft(network)) return network
  const { experiment, initialParams } = network.right
  return E.right({
    bytes: bytes.length,
    header,
    parameters: described(header, initialParams),
    origin: `${modelNameOf(experiment.model)} trained on ${experiment.dataset}, seed ${experiment.seed}`,
    fields: { experiment },
  })
}

const runInfo = async (
  path: string,
  flags: FlagValues<typeof outputFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const contents = await contentsOf(path)
  if (E.isLeft(contents)) return reportFailure(terminal, json, contents.left)
  const { bytes, header, parameters, origin, fields } = contents.right
  const weights = weightCount(header)
  if (json) {
    terminal.out(JSON.stringify({ path, bytes, weights, sha256: header.sha256, ...fields, parameters }))
    return exitCodes.done
  }
  terminal.out(
    `${path}: ${origin}; ${formatCount(weights)} weights in ${formatCount(bytes)} bytes (${formatShare(bytes / (4 * weights))} of float32)`,
  )
  for (const line of tableLines(parameters, columns, terminal.columns)) terminal.out(line)
  terminal.out(`sha256 of the weights ${header.sha256}`)
  return exitCodes.done
}

export const info = defineCommand({
  name: 'info',
  summary: 'what a .laperm file holds',
  argument: { name: 'file', isRequired: true, help: 'a .laperm file' },
  flags: outputFlags,
  run: ({ argument = '', flags }, terminal) => runInfo(argument, flags, terminal),
})
