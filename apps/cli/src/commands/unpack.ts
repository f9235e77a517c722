/** `laperm unpack`: the weights of a `.laperm` file as .safetensors, which any program reads. */
import { basename } from 'node:path'
import { encodeSafetensors, type Tensor, toTensors, unpackWeights } from '@laperm/formats'
import { nodeSha256 } from '@laperm/runs'
import type { PackedNetwork } from '@laperm/train'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { outputFlags, text, toggle } from '../flags.ts'
import { formatCount } from '../format.ts'
import { endingProblem } from '../output-ending.ts'
import { packedEnding, readNamedFile, readPackedNetwork } from '../packed-file.ts'
import { readAllTensors } from '../read-tensors.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { forceFlag, writeOutput } from '../write-output.ts'

/** How a file is called that any program reads. */
const ending = '.safetensors'

const unpackFlags = {
  out: text('<file>', 'the new file (default: the same name and .safetensors, in the current directory)'),
  initialWeights: text(
    '<file>',
    'the weights that the network was trained from, where another program made them',
  ),
  initial: toggle('write the initial weights instead of the trained ones'),
  force: forceFlag,
  ...outputFlags,
}

/** The tensors that are written. */
const tensorsOf = async (
  path: string,
  { initial, initialWeights }: FlagValues<typeof unpackFlags>,
): Promise<E.Either<Failure, readonly Tensor[]>> => {
  if (initialWeights === undefined)
    return E.map(({ initialParams, params }: PackedNetwork) =>
      toTensors(initial === true ? initialParams : params),
    )(await readPackedNetwork(path))
  if (initial === true)
    return E.left(usageError(`--initial writes what --initial-weights ${initialWeights} holds already.`))
  const bytes = await readNamedFile(path, 'Name a .laperm file.')
  if (E.isLeft(bytes)) return bytes
  const start = await readAllTensors(initialWeights)
  return E.isLeft(start) ? start : unpackWeights(path, bytes.right, start.right, { sha256: nodeSha256 })
}

const runUnpack = async (
  path: string,
  flags: FlagValues<typeof unpackFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const out = flags.out ?? `${basename(path, packedEnding)}${ending}`
  const output = { flag: '--out', path: out, force: flags.force ?? false }
  const problem = endingProblem(output, ending)
  if (problem !== null) return reportFailure(terminal, json, problem)
  const unpacked = await tensorsOf(path, flags)
  if (E.isLeft(unpacked)) return reportFailure(terminal, json, unpacked.left)
  const tensors = unpacked.right
  const bytes = encodeSafetensors(tensors, {}, { sha256: nodeSha256 })
  const failure = await writeOutput(output, [bytes])
  if (failure !== null) return reportFailure(terminal, json, failure)
  if (json) terminal.out(JSON.stringify({ path: out, bytes: bytes.length, parameters: tensors.length }))
  else terminal.out(`${out}: ${formatCount(tensors.length)} parameters, ${formatCount(bytes.length)} bytes`)
  return exitCodes.done
}

export const unpack = defineCommand({
  name: 'unpack',
  summary: 'the weights of a .laperm file as .safetensors',
  argument: { name: 'file', isRequired: true, help: 'a .laperm file' },
  flags: unpackFlags,
  run: ({ argument = '', flags }, terminal) => runUnpack(argument, flags, terminal),
})
