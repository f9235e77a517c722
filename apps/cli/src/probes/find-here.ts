/** What this machine can run, found out by making it. Loads native drivers, so `doctor` has it done in a process of its own. */
import { type Remedy, renderRemedy } from '@laperm/core'
import { renderEngineError } from '@laperm/engine'
import { either as E } from 'fp-ts'
import { backendInterfaces, backendKinds, backendNames } from '../backends.ts'
import { engineNames, engines, type KnownEngine, loadEngine } from '../engines.ts'
import { unavailableRemedies } from '../remedies.ts'
import type { Terminal } from '../terminal.ts'

/** One thing that is there or not. `detail` says what it is, or why it is missing; `remedy` what to do about that. */
export interface Finding {
  readonly name: string
  readonly available: boolean
  readonly detail: string
  readonly remedy?: string
}

/** What a name stands for here: the engine of that name, the backend of that name, or both. */
export interface Found {
  readonly engine?: Finding
  readonly backend?: Finding
}

/** Names of engines and of backends, each once. */
export const probedNames: readonly string[] = [...new Set([...engineNames, ...backendNames])]

const remedyText = (remedy: Remedy): string => renderRemedy(remedy, unavailableRemedies)

const findEngine = async (known: KnownEngine, environment: Terminal['environment']): Promise<Finding> => {
  const { name } = known
  const engine = await loadEngine(known, null, environment)()
  if (E.isRight(engine)) return { name, available: true, detail: engine.right.describe }
  const error = engine.left
  return error._tag === 'EngineUnavailable'
    ? { name, available: false, detail: error.reason, remedy: remedyText(error.remedy) }
    : { name, available: false, detail: renderEngineError(error) }
}

const findBackend = async (
  name: (typeof backendNames)[number],
  environment: Terminal['environment'],
): Promise<Finding | undefined> => {
  const kind = backendKinds[name]
  const made = await backendInterfaces
    .find(({ backend }) => backend === name)
    ?.load(environment, ({ close }) => close)
  if (made === undefined) return undefined
  if (E.isLeft(made)) {
    const { reason, remedy } = made.left
    return { name, available: false, detail: `${kind}; ${reason}`, remedy: remedyText(remedy) }
  }
  made.right()
  return { name, available: true, detail: kind }
}

/** Make the engine and the backend of a name. */
export const findHere = async (name: string, environment: Terminal['environment']): Promise<Found> => {
  const known = engines.find((engine) => engine.name === name)
  const backendName = backendNames.find((known) => known === name)
  const engine = known === undefined ? undefined : await findEngine(known, environment)
  const backend = backendName === undefined ? undefined : await findBackend(backendName, environment)
  return { ...(engine === undefined ? {} : { engine }), ...(backend === undefined ? {} : { backend }) }
}
