/** `laperm unpack`: the weights of a `.laperm` file as .safetensors, which any program reads. */
import { basename } from 'node:path'
import { encodeSafetensors, toTensors } from '@laperm/formats'
import { nodeSha256 } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { reportFailure } from '../failure.ts'
import { outputFlags, text, toggle } from '../flags.ts'
import { formatCount } from '../format.ts'
import { endingProblem } from '../output-ending.ts'
import { packedEnding, readPackedNetwork } from '../packed-file.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { forceFlag, writeOutput } from '../write-output.ts'

/** How a file is called that any program reads. */
const ending = '.safetensors'

const unpackFlags = {
  out: text('<file>', 'the new file (default: the same name and .safetensors, in the current directory)'),
  initial: toggle('write the initial weights instead of the trained ones'),
  force: forceFlag,
  ...outputFlags,
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
  const read = await readPackedNetwork(path)
  if (E.isLeft(read)) return reportFailure(terminal, json, read.left)
  const params = flags.initial === true ? read.right.initialParams : read.right.params
  const bytes = encodeSafetensors(toTensors(params), {}, { sha256: nodeSha256 })
  const failure = await writeOutput(output, [bytes])
  if (failure !== null) return reportFailure(terminal, json, failure)
  if (json) terminal.out(JSON.stringify({ path: out, bytes: bytes.length, parameters: params.length }))
  else terminal.out(`${out}: ${formatCount(params.length)} parameters, ${formatCount(bytes.length)} bytes`)
  return exitCodes.done
}

export const unpack = defineCommand({
  name: 'unpack',
  summary: 'the weights of a .laperm file as .safetensors',
  argument: { name: 'file', isRequired: true, help: 'a .laperm file' },
  flags: unpackFlags,
  run: ({ argument = '', flags }, terminal) => runUnpack(argument, flags, terminal),
})
