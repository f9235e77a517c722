/** `laperm info`: what a `.laperm` file holds, parameter by parameter, beside the least that its arrangements can take. */
import { log10DistinctPermutationCount } from '@laperm/core'
import type { LapermHeader } from '@laperm/formats'
import { modelNameOf, type PackedNetwork } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { reportFailure } from '../failure.ts'
import { outputFlags } from '../flags.ts'
import { formatCount, formatShare } from '../format.ts'
import { readPackedFile, weightCount } from '../packed-file.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { type TextColumn, tableLines } from '../text-table.ts'

/** A parameter with the bytes that its arrangements take at least: the logarithm of their number. */
const described = ({ parameters }: LapermHeader, { initialParams }: PackedNetwork) =>
  parameters.map(({ name, shape, coding, bytes }) => {
    const initial = initialParams.find((parameter) => parameter.name === name)
    const least =
      coding === 'arrangement' && initial !== undefined
        ? Math.ceil(log10DistinctPermutationCount([initial], [initial.role]) / Math.log10(256))
        : bytes
    return { name, shape, coding, bytes, leastBytes: least }
  })

const columns: readonly TextColumn<ReturnType<typeof described>[number]>[] = [
  { title: 'parameter', text: ({ name }) => name },
  { title: 'shape', text: ({ shape }) => shape.join(' x ') },
  { title: 'written as', text: ({ coding }) => coding },
  { title: 'bytes', text: ({ bytes }) => formatCount(bytes), isNumber: true },
  { title: 'at least', text: ({ leastBytes }) => formatCount(leastBytes), isNumber: true },
]

const runInfo = async (
  path: string,
  flags: FlagValues<typeof outputFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const file = await readPackedFile(path)
  if (E.isLeft(file)) return reportFailure(terminal, json, file.left)
  const { header, network } = file.right
  const { experiment } = network
  const parameters = described(header, network)
  const weights = weightCount(header)
  const bytes = file.right.bytes.length
  if (json) {
    terminal.out(JSON.stringify({ path, bytes, weights, sha256: header.sha256, experiment, parameters }))
    return exitCodes.done
  }
  terminal.out(
    `${path}: ${modelNameOf(experiment.model)} trained on ${experiment.dataset}, seed ${experiment.seed}; ${formatCount(weights)} weights in ${formatCount(bytes)} bytes (${formatShare(bytes / (4 * weights))} of float32)`,
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
