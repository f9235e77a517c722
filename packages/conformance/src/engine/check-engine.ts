/** Prove an engine: the laws one after the other, and a report as plain data. */
import type { Engine } from '@laperm/engine'
import { engineLaws } from './engine-laws.ts'

/** Name of a law. */
export type EngineLawName = keyof typeof engineLaws

/** Names of the laws, in the order in which they are reported. */
export const engineLawNames = Object.keys(engineLaws) as readonly EngineLawName[]

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
}

/**
 * Check an engine by every law. It trains small networks; each law has sessions of its own.
 *
 * @returns a report; never rejects for what the engine does.
 * @example console.log(renderEngineReport(await checkEngine(engine)))
 */
export const checkEngine = async (engine: Engine): Promise<EngineReport> => {
  const laws: EngineLawReport[] = []
  for (const name of engineLawNames)
    try {
      await engineLaws[name](engine)
      laws.push({ name, passed: true })
    } catch (error) {
      laws.push({ name, passed: false, failure: error instanceof Error ? error.message : String(error) })
    }
  return { engine: engine.name, passed: laws.every(({ passed }) => passed), laws }
}

/** A report as lines of text: the verdict, and a line a law. */
export const renderEngineReport = ({ engine, passed, laws }: EngineReport): string =>
  [
    `Engine ${engine} ${passed ? 'keeps' : 'does NOT keep'} the laws of engines.`,
    ...laws.map(({ name, failure }) =>
      failure === undefined ? `+ holds    ${name}` : `x FAILED   ${name}: ${failure}`,
    ),
  ].join('\n')
