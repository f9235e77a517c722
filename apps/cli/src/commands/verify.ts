/** `laperm verify`: prove the backends of this machine, and what engines use of them, law by law, on its own hardware. */
import { renderReport } from '@laperm/conformance'
import { either as E } from 'fp-ts'
import { backendInterfaces, backendNames } from '../backends.ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { integer, oneOf, outputFlags, toggle } from '../flags.ts'
import { formatCount } from '../format.ts'
import { shorten } from '../plain-text.ts'
import { crashText } from '../probes/crash-text.ts'
import type { Verified } from '../probes/prove-here.ts'
import { runProbe } from '../probes/run-probe.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'

const verifyFlags = {
  backend: oneOf('backend', [...backendNames, 'all'], `${backendNames.join(', ')}, or all (default: all)`),
  seed: integer('decides the cases (default: 1)', 0),
  trials: integer('random trials after the boundary lengths (default: 40)', 1),
  ...outputFlags,
  verbose: toggle('print on standard error what drivers print, too'),
}
type VerifyFlags = FlagValues<typeof verifyFlags>

/** Trials after the boundary lengths: enough that each law meets every kind of weights several times. */
const defaultTrials = 40

/** Prove one interface. A crash while it was proven is a failure, and one while it was loaded is too: nobody could use it. */
const verifyInterface = async (name: string, flags: VerifyFlags, terminal: Terminal): Promise<Verified> => {
  let shown = -1
  const task = { kind: 'prove', name, seed: flags.seed ?? 1, trials: flags.trials ?? defaultTrials } as const
  const { outcome, printed } = await runProbe(task, terminal, ({ device, done, total }) => {
    const tenths = Math.floor((done / total) * 10)
    if (flags.quiet === true || terminal.progressStream === null || tenths === shown) return
    shown = tenths
    const whole = `verifying ${name} on ${device}: ${tenths * 10}%`
    const { columns = 80 } = terminal.progressStream
    // A line that wraps cannot be taken back.
    terminal.progressStream.write(`\r\x1b[K${whole.length < columns ? whole : `${name}: ${tenths * 10}%`}`)
  })
  if (shown >= 0) terminal.progressStream?.write('\r\x1b[K')
  if (flags.verbose === true) for (const line of printed) terminal.err(`${name}: ${shorten(line, 2000)}`)
  if (E.isRight(outcome)) return outcome.right
  const { detail, remedy } = crashText(outcome.left, printed)
  return { name, passed: false, device: null, cases: 0, reason: `${detail}. ${remedy}`, report: null }
}

const print = ({ name, passed, device, cases, reason, report }: Verified, terminal: Terminal): void => {
  if (passed === null) terminal.out(`-  ${name}: ${reason}`)
  else if (report === null) terminal.out(`x  ${name}: ${reason}`)
  else if (passed) terminal.out(`+  ${name}: equals the reference, ${formatCount(cases)} cases, on ${device}`)
  else for (const line of [`x  ${name} on ${device}`, ...renderReport(report).split('\n')]) terminal.out(line)
}

/** @returns 0 when every backend that runs here equals the reference; one that was named must run. */
const runVerify = async (flags: VerifyFlags, terminal: Terminal): Promise<ExitCode> => {
  const json = flags.json ?? false
  const wanted = flags.backend ?? 'all'
  const chosen = backendInterfaces.filter(({ backend }) => wanted === 'all' || backend === wanted)
  const results: Verified[] = []
  for (const { name } of chosen) {
    const result = await verifyInterface(name, flags, terminal)
    if (terminal.signal.aborted) {
      terminal.err(`stopped while ${name} was checked; what is not listed was not checked`)
      return exitCodes.interrupted
    }
    // Said once, where the interfaces of a backend are missing for one reason.
    const isSaid = result.passed === null && results.at(-1)?.reason === result.reason
    results.push(result)
    if (!json && !isSaid) print(result, terminal)
  }
  if (json)
    terminal.out(
      JSON.stringify({
        backends: results.map(({ report: _, ...plain }) => plain),
      }),
    )
  const isFine = results.every(({ passed }) => passed === true || (passed === null && wanted === 'all'))
  return isFine ? exitCodes.done : exitCodes.failed
}

const notes = `
Every law of a synchronization is checked on drawn weights: ties, both zeros, subnormals, infinities, vectors of 1 to 16384 weights;
results are compared with the reference's bit for bit. What a backend is used by is proven apart:
  wasm, webgpu, ...    the backend itself, with copies in and out
  wasm resident        synchronization where the weights lie: the engine onnx
  wasm tensors         on TensorFlow.js's tensors, read by the host: the engine wasm
  webgpu tensors, ...  on TensorFlow.js's tensors on the device: the engines webgpu, node and cuda
A backend that cannot run here is listed with the reason.
Exit code 0 when every backend that runs equals the reference; a backend named with --backend must run.`

export const verify = defineCommand({
  name: 'verify',
  summary: 'prove the backends of this machine, and what engines use of them, equal to the reference',
  flags: verifyFlags,
  notes,
  run: ({ flags }, terminal) => runVerify(flags, terminal),
})
