/** `laperm verify`: prove the backends of this machine equal to core, law by law, on its own hardware. */
import { checkBackend, type Report, renderReport } from '@laperm/conformance'
import { type Backend, renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import { type BackendName, backendNames, loadBackend } from '../backends.ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { integer, oneOf, outputFlags } from '../flags.ts'
import { formatCount } from '../format.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'

const verifyFlags = {
  backend: oneOf('backend', [...backendNames, 'all'], `${backendNames.join(', ')}, or all (default: all)`),
  seed: integer('decides the cases (default: 1)', 0),
  trials: integer('random trials after the boundary lengths (default: 40)', 1),
  ...outputFlags,
}
type VerifyFlags = FlagValues<typeof verifyFlags>

/** How one backend fared. `passed` is null where it cannot run here, and `reason` says why. */
interface Verified {
  readonly name: BackendName
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
  name: BackendName,
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

const verifyBackend = async (
  name: BackendName,
  flags: VerifyFlags,
  terminal: Terminal,
): Promise<Verified> => {
  const proving = await loadBackend(name, terminal.environment, (backend) =>
    proveBackend(name, backend, flags, terminal),
  )()
  return E.isRight(proving)
    ? proving.right
    : { name, passed: null, device: null, cases: 0, reason: renderError(proving.left), report: null }
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
  const names = wanted === 'all' ? backendNames : backendNames.filter((name) => name === wanted)
  const results: Verified[] = []
  for (const name of names) {
    const result = await verifyBackend(name, flags, terminal)
    results.push(result)
    if (!json) print(result, terminal)
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
results are compared with core's bit for bit. A backend that cannot run here is listed with the reason.
Exit code 0 when every backend that runs equals core; a backend named with --backend must run.`

export const verify = defineCommand({
  name: 'verify',
  summary: 'prove the backends of this machine equal to core, on its own hardware',
  flags: verifyFlags,
  notes,
  run: ({ flags }, terminal) => runVerify(flags, terminal),
})
