/** Prove an engine: the laws one after the other, and a report as plain data. */
import type { Engine } from '@laperm/engine'
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

/** What a tester of an engine can add. */
export interface EngineCheckOptions {
  /** How a step of this engine is made to fail halfway; without it that law is left out. */
  readonly tornStep?: TornStep
}

/** How one law fared; `failure` says what was wrong. */
export interface EngineLawReport {
  readonly name: EngineLawName
  readonly passed: boolean
  readonly failure?: string
}

/** The outcome of a run, as plain data. */
export interface EngineReport {
  readonly engine: string
  readonly passed: boolean
  readonly laws: readonly EngineLawReport[]
  /** Laws that nothing was handed in for. */
  readonly leftOut: readonly EngineLawName[]
}

/**
 * Check an engine by every law. It trains small networks; each law has sessions of its own.
 *
 * @param options what the engine alone cannot show.
 * @returns a report; never rejects for what the engine does.
 * @example console.log(renderEngineReport(await checkEngine(engine)))
 */
export const checkEngine = async (
  engine: Engine,
  { tornStep }: EngineCheckOptions = {},
): Promise<EngineReport> => {
  const laws: EngineLawReport[] = []
  const lawOf = (name: EngineLawName): ((engine: Engine) => Promise<void>) | undefined => {
    if (name !== tornStepName) return engineLaws[name]
    return tornStep && tornStepLaw(tornStep)
  }
  const leftOut = engineLawNames.filter((name) => lawOf(name) === undefined)
  for (const name of engineLawNames)
    try {
      const law = lawOf(name)
      if (law === undefined) continue
      await law(engine)
      laws.push({ name, passed: true })
    } catch (error) {
      laws.push({ name, passed: false, failure: error instanceof Error ? error.message : String(error) })
    }
  return { engine: engine.name, passed: laws.every(({ passed }) => passed), laws, leftOut }
}

/** A report as lines of text: the verdict, and a line a law. */
export const renderEngineReport = ({ engine, passed, laws, leftOut }: EngineReport): string =>
  [
    `Engine ${engine} ${passed ? 'keeps' : 'does NOT keep'} the laws of engines.`,
    ...laws.map(({ name, failure }) =>
      failure === undefined ? `+ holds    ${name}` : `x FAILED   ${name}: ${failure}`,
    ),
    ...leftOut.map((name) => `- left out ${name}: no tornStep was handed in`),
  ].join('\n')
