/** Prove an engine: the laws one after the other, and a report as plain data. */
import type { Engine } from '@laperm/engine'
import { requireLaws } from '../require-laws.ts'
import { engineLaws } from './engine-laws.ts'
import { type TornStep, tornStepLaw } from './torn-step.ts'

/** Name of a law. */
export type EngineLawName = keyof typeof engineLaws | typeof tornStepName

const tornStepName = 'a step that failed halfway stops the session'

/** Names of the laws, in the order in which they are reported. */
export const engineLawNames: readonly EngineLawName[] = [
  ...(Object.keys(engineLaws) as (keyof typeof engineLaws)[]),
  tornStepName,
]

/** What a tester of an engine can add or leave out. */
export interface EngineCheckOptions {
  /** How a step of this engine is made to fail halfway; without it that law is left out. */
  readonly tornStep?: TornStep
  /** Laws to check; all where it is left out. */
  readonly laws?: readonly EngineLawName[]
}

/** How one law fared; `failure` says what was wrong. */
export interface EngineLawReport {
  readonly name: EngineLawName
  readonly passed: boolean
  readonly failure?: string
}

/** A law that was not checked: it was not chosen, or nothing was handed in that makes a step fail halfway. */
export interface LeftOutLaw {
  readonly name: EngineLawName
  readonly reason: 'not chosen' | 'no tornStep was handed in'
}

/** The outcome of a run, as plain data. */
export interface EngineReport {
  readonly engine: string
  /** Every law that was checked holds, and one was. */
  readonly passed: boolean
  readonly laws: readonly EngineLawReport[]
  readonly leftOut: readonly LeftOutLaw[]
}

/**
 * Check an engine by the laws of engines. It trains small networks; each law has sessions of its own.
 *
 * @param options what the engine alone cannot show, and which laws are meant.
 * @returns a report; never rejects for what the engine does.
 * @throws RangeError (a rejection) for a law that there is none of.
 * @example console.log(renderEngineReport(await checkEngine(engine)))
 * @example await checkEngine(engine, { laws: ['evaluating changes nothing'] })
 */
export const checkEngine = async (
  engine: Engine,
  { tornStep, laws: chosen = engineLawNames }: EngineCheckOptions = {},
): Promise<EngineReport> => {
  requireLaws(chosen, engineLawNames)
  const laws: EngineLawReport[] = []
  const leftOut: LeftOutLaw[] = []
  const lawOf = (name: EngineLawName): ((engine: Engine) => Promise<void>) | undefined => {
    if (name !== tornStepName) return engineLaws[name]
    return tornStep && tornStepLaw(tornStep)
  }
  for (const name of engineLawNames) {
    const law = lawOf(name)
    if (!chosen.includes(name)) leftOut.push({ name, reason: 'not chosen' })
    else if (law === undefined) leftOut.push({ name, reason: 'no tornStep was handed in' })
    else
      try {
        await law(engine)
        laws.push({ name, passed: true })
      } catch (error) {
        laws.push({ name, passed: false, failure: error instanceof Error ? error.message : String(error) })
      }
  }
  return {
    engine: engine.name,
    passed: laws.length > 0 && laws.every(({ passed }) => passed),
    laws,
    leftOut,
  }
}

/** A report as lines of text: the verdict, and a line a law. */
export const renderEngineReport = ({ engine, passed, laws, leftOut }: EngineReport): string =>
  [
    `Engine ${engine} ${passed ? 'keeps' : 'does NOT keep'} the laws of engines${leftOut.length > 0 ? ' that were checked' : ''}.`,
    ...laws.map(({ name, failure }) =>
      failure === undefined ? `+ holds    ${name}` : `x FAILED   ${name}: ${failure}`,
    ),
    ...leftOut.map(({ name, reason }) => `- left out ${name}: ${reason}`),
  ].join('\n')
