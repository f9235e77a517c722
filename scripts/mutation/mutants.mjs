/**
 * The mutants of mutation testing: StrykerJS's instrumenter writes all of them into the sources, each behind a switch.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import { root } from '../packages.mjs'

/** Folders of what everything else is compared with. */
const mutatedFolders = [
  'packages/core/src/order',
  'packages/core/src/permutation',
  'packages/core/src/optimizers',
  'packages/conformance/src/laws',
]

const mutatedFiles = [
  ...mutatedFolders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => join(root, folder, name)),
  ),
  join(root, 'packages/conformance/src/law.ts'),
]

const quiet = { debug: () => {}, info: () => {}, isDebugEnabled: () => false }

/**
 * A mutant.
 *
 * @typedef {object} Mutant
 * @property {string} id of the switch that turns it on
 * @property {string} fileName absolute
 * @property {string} mutatorName kind of change, by Stryker's names
 * @property {string} replacement the source that takes the place of `original`
 * @property {string} original
 * @property {{ start: { line: number, column: number } }} location lines from 0
 */

/**
 * Changes the functions that the instrumenter writes into each file: coverage is counted without a mutant only, and whatever asks for mutants more often than
 * `callLimit` ends, because a loop that a mutant makes endless may not pass the mutant again.
 */
const withLimits = (name, source) => {
  // A file without mutants is as it was.
  if (!source.includes('function stryCov')) return source
  const replaceOnce = (text, from, to) => {
    if (text.split(from).length !== 2) throw new Error(`${name}: the instrumenter writes no ${from}`)
    return text.replace(from, to)
  }
  const counted = replaceOnce(
    source,
    'function cover() {',
    'function cover() { if (ns.activeMutant !== undefined) return;',
  )
  return replaceOnce(
    counted,
    'function isActive(id) {',
    "function isActive(id) { ns.calls = (ns.calls || 0) + 1; if (ns.calls > ns.callLimit) throw new Error('more calls than the limit');",
  )
}

/**
 * Instrument the files.
 *
 * @returns {Promise<{ sources: Map<string, string>, mutants: readonly Mutant[] }>} instrumented sources by absolute path; the same files
 * give the same ids
 */
export const makeMutants = async () => {
  const files = mutatedFiles.map((name) => ({ name, content: readFileSync(name, 'utf8'), mutate: true }))
  const { files: instrumented, mutants } = await new Instrumenter(quiet).instrument(files, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
    noHeader: false,
  })
  const linesOf = new Map(files.map(({ name, content }) => [name, content.split('\n')]))
  const between = (name, { start, end }) => {
    const lines = linesOf.get(name).slice(start.line, end.line + 1)
    lines[lines.length - 1] = lines.at(-1).slice(0, end.column)
    lines[0] = lines[0].slice(start.column)
    return lines.join('\n')
  }
  return {
    sources: new Map(instrumented.map(({ name, content }) => [name, withLimits(name, content)])),
    mutants: mutants.map(({ id, fileName, mutatorName, replacement, location }) => ({
      id,
      fileName,
      mutatorName,
      replacement,
      location,
      original: between(fileName, location),
    })),
  }
}
