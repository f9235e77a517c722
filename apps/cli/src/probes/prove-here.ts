/** Proves one interface of a backend, law by law. Loads native drivers, so `verify` has it done in a process of its own. */
import { checkBackend, type Report } from '@laperm/conformance'
import { renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import { backendInterfaces } from '../backends.ts'
import { unavailableRemedies } from '../remedies.ts'
import type { Terminal } from '../terminal.ts'

/** How one interface of a backend fared. `passed` is null where it cannot run here, and `reason` says why. */
export interface Verified {
  readonly name: string
  readonly passed: boolean | null
  readonly device: string | null
  readonly cases: number
  readonly reason: string | null
  readonly report: Report | null
}

export interface ProofOptions {
  readonly seed: number
  /** Random trials after the boundary lengths. */
  readonly trials: number
}

/** How far a proof is. */
export interface ProofProgress {
  readonly device: string
  readonly done: number
  readonly total: number
}

/** Most weights in a trial: a software GPU takes microseconds for each. */
const maxWeights = 4096

/** Prove the interface of that name. */
export const proveHere = async (
  name: string,
  { seed, trials }: ProofOptions,
  environment: Terminal['environment'],
  onProgress: (progress: ProofProgress) => void,
): Promise<Verified> => {
  const found = backendInterfaces.find((each) => each.name === name)
  if (found === undefined) throw new TypeError(`there is no interface called ${name}`)
  const proving = await found.load(environment, async (backend): Promise<Verified> => {
    const { device } = backend
    const report = await checkBackend(backend, {
      seed,
      randomTrials: trials,
      maxWeights,
      onProgress: ({ done, total }) => onProgress({ device, done, total }),
    })
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
  })
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
