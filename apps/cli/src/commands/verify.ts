/** `laperm verify`: prove the backends of this machine, and what engines use of them, law by law, on its own hardware. */
import { checkBackend, type Report, renderReport } from '@laperm/conformance'
import { type Backend, renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import { type BackendInterface, backendInterfaces, backendNames } from '../backends.ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { integer, oneOf, outputFlags } from '../flags.ts'
import { formatCount } from '../format.ts'
import { unavailableRemedies } from '../remedies.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'

const verifyFlags = {
  backend: oneOf('backend', [...backendNames, 'all'], `${backendNames.join(', ')}, or all (default: all)`),
  seed: integer('decides the cases (default: 1)', 0),
  trials: integer('random trials after the boundary lengths (default: 40)', 1),
  ...outputFlags,
}
type VerifyFlags = FlagValues<typeof verifyFlags>

/** How one interface of a backend fared. `passed` is null where it cannot run here, and `reason` says why. */
interface Verified {
  readonly name: string
  readonly passed: boolean | null
  readonly device: string | null
  readonly cases: number
  readonly reason: string | null
  readonly report: Report | null
}

/** Trials after the boundary lengths: enough that each law meets every kind of weights several times. */
const defaultTrials = 40
/** Most weights in a trial: a software GPU takes microseconds for each. */
const maxWeights = 4096

const proveBackend = async <Bank>(
  name: string,
  backend: Backend<Bank>,
  flags: VerifyFlags,
  terminal: Terminal,
): Promise<Verified> => {
  const { device } = backend
  let shown = -1
  const report = await checkBackend(backend, {
    seed: flags.seed ?? 1,
    randomTrials: flags.trials ?? defaultTrials,
    maxWeights,
    onProgress: ({ done, total }) => {
      const tenths = Math.floor((done / total) * 10)
      if (flags.quiet === true || terminal.progressStream === null || tenths === shown) return
      shown = tenths
      terminal.progressStream.write(`\r\x1b[Kverifying ${name} on ${device}: ${tenths * 10}%`)
    },
  })
  if (shown >= 0) terminal.progressStream?.write('\r\x1b[K')
  backend.close()
  const failed = report.laws.find(({ failure }) => failure !== undefined)
  return {
    name,
    passed: report.passed,
    device,
    cases: report.cases,
    reason: failed?.failure?.description ?? null,
    report,
  }
}

const verifyInterface = async (
  { name, load }: BackendInterface,
  flags: VerifyFlags,
  terminal: Terminal,
): Promise<Verified> => {
  const proving = await load(terminal.environment, (backend) => proveBackend(name, backend, flags, terminal))
  return E.isRight(proving)
    ? proving.right
    : {
        name,
        passed: null,
        device: null,
        cases: 0,
        reason: renderError(proving.left, unavailableRemedies),
        report: null,
      }
}

const print = ({ name, passed, device, cases, reason, report }: Verified, terminal: Terminal): void => {
  if (passed === null || report === null) terminal.out(`-  ${name}: ${reason}`)
  else if (passed) terminal.out(`+  ${name}: equals the reference, ${formatCount(cases)} cases, on ${device}`)
  else terminal.out(`x  ${name} on ${device}\n${renderReport(report)}`)
}

/** @returns 0 when every backend that runs here equals the reference; one that was named must run. */
const runVerify = async (flags: VerifyFlags, terminal: Terminal): Promise<ExitCode> => {
  const json = flags.json ?? false
  const wanted = flags.backend ?? 'all'
  const chosen = backendInterfaces.filter(({ backend }) => wanted === 'all' || backend === wanted)
  const results: Verified[] = []
  for (const each of chosen) {
    const result = await verifyInterface(each, flags, terminal)
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
