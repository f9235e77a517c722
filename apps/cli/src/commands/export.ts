/** `laperm export`: weights of a run or of any file as .safetensors, .npz or Keras .h5, for other programs. */
import { encodeSafetensors, leadsInside, type Tensor } from '@laperm/formats'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { type Failure, reportFailure, usageError } from '../failure.ts'
import { oneOf, outputFlags, text } from '../flags.ts'
import { formatCount } from '../format.ts'
import { openTensors } from '../read-tensors.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { forceFlag, outputProblem, writeOutput } from '../write-output.ts'

const exportFlags = {
  to: text('<file>', 'the new file: .safetensors, .npz or .h5'),
  weights: oneOf('weights', ['best', 'last'], 'of a run: best or last (default: best)'),
  force: forceFlag,
  ...outputFlags,
}

/** Writers by the file's ending. */
const encoders: Readonly<Record<string, (tensors: readonly Tensor[]) => Promise<Uint8Array>>> = {
  '.safetensors': async (tensors) => encodeSafetensors(tensors, {}),
  '.npz': async (tensors) => (await import('@laperm/formats/npz')).encodeNpz(tensors),
  '.h5': async (tensors) => (await import('@laperm/formats/h5')).encodeKerasH5(tensors),
}

const endings = Object.keys(encoders).join(', ')

/** All tensors of a file, which its new form holds at once. */
const readAll = async (
  path: string,
  which: 'best' | 'last' | undefined,
  terminal: Terminal,
): Promise<E.Either<Failure, readonly Tensor[]>> => {
  const opened = await openTensors(path, { which })
  if (E.isLeft(opened)) return opened
  const { tensors, leftOut, close } = opened.right
  try {
    for (const name of leftOut) terminal.err(`left out: ${name} is no floating number`)
    const read: Tensor[] = []
    for (const tensor of tensors) {
      if (!leadsInside(tensor.name))
        return E.left(
          usageError(
            `${path} calls a tensor '${tensor.name}', which would lead out of where it is unpacked; it is not written.`,
          ),
        )
      const values = await tensor.read()
      if (E.isLeft(values)) return values
      read.push({ name: tensor.name, shape: tensor.shape, values: values.right })
    }
    return E.right(read)
  } finally {
    await close()
  }
}

const runExport = async (
  path: string,
  flags: FlagValues<typeof exportFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const fail = (failure: Failure): ExitCode => reportFailure(terminal, json, failure)
  if (flags.to === undefined) return fail(usageError(`--to names the new file, which ends in ${endings}.`))
  const ending = /\.[a-z0-9]+$/.exec(flags.to)?.[0] ?? ''
  const encode = Object.hasOwn(encoders, ending) ? encoders[ending] : undefined
  if (encode === undefined)
    return fail(
      usageError(`--to ${flags.to}: the ending says what is written, and must be one of ${endings}.`),
    )
  const output = { flag: '--to', path: flags.to, force: flags.force ?? false }
  const problem = await outputProblem(output)
  if (problem !== null) return fail(problem)
  const tensors = await readAll(path, flags.weights, terminal)
  if (E.isLeft(tensors)) return fail(tensors.left)
  const bytes = await encode(tensors.right)
  const failure = await writeOutput(output, [bytes])
  if (failure !== null) return fail(failure)
  const weights = tensors.right.reduce((sum, { values }) => sum + values.length, 0)
  if (json)
    terminal.out(
      JSON.stringify({ path: flags.to, bytes: bytes.length, tensors: tensors.right.length, weights }),
    )
  else
    terminal.out(
      `${flags.to}: ${formatCount(tensors.right.length)} tensors, ${formatCount(weights)} weights, ${formatCount(bytes.length)} bytes`,
    )
  return exitCodes.done
}

const notes = `
Examples
  $ laperm export runs/conv7-... --to conv7.h5           model.load_weights('conv7.h5') in Keras
  $ laperm export net.laperm --to net.npz                numpy.load('net.npz')['conv1/kernel']
  $ laperm export model.keras --to model.safetensors

Tensors keep their names, shapes and values, as float32. A .h5 file has a group a layer in the order of the weights; Keras loads by that order.`

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'weights as .safetensors, .npz or Keras .h5, for other programs',
  argument: {
    name: 'weights',
    isRequired: true,
    help: "a run's directory, a .laperm file, or a file of another program",
  },
  flags: exportFlags,
  notes,
  run: ({ argument = '', flags }, terminal) => runExport(argument, flags, terminal),
})
