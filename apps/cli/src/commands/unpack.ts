/** `laperm unpack`: the weights of a `.laperm` file as .safetensors, which any program reads. */
import { basename } from 'node:path'
import { encodeSafetensors, toTensors } from '@laperm/formats'
import { nodeSha256 } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { reportFailure } from '../failure.ts'
import { outputFlags, text, toggle } from '../flags.ts'
import { formatCount } from '../format.ts'
import { packedEnding, readPackedNetwork, writeNamedFile } from '../packed-file.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'

const unpackFlags = {
  out: text('<file>', 'the new file (default: the same name and .safetensors, in the current directory)'),
  initial: toggle('write the initial weights instead of the trained ones'),
  force: toggle('replace a file that is there'),
  ...outputFlags,
}

const runUnpack = async (
  path: string,
  flags: FlagValues<typeof unpackFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const read = await readPackedNetwork(path)
  if (E.isLeft(read)) return reportFailure(terminal, json, read.left)
  const params = flags.initial === true ? read.right.initialParams : read.right.params
  const out = flags.out ?? `${basename(path, packedEnding)}.safetensors`
  const bytes = encodeSafetensors(toTensors(params), {}, { sha256: nodeSha256 })
  const written = await writeNamedFile(out, bytes, flags.force ?? false)
  if (E.isLeft(written)) return reportFailure(terminal, json, written.left)
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
