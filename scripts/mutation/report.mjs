/** What mutation testing found, for docs/results/mutation.md. */
import { relative } from 'node:path'
import { root } from '../packages.mjs'

const inOneLine = (code) => code.replace(/\s+/g, ' ').slice(0, 120)

/**
 * A table of files, and every mutant that lives.
 *
 * @param {readonly import('./mutants.mjs').Mutant[]} mutants
 * @param {ReadonlyMap<string, { kind: string }>} verdicts of those that died.
 * @param {ReadonlySet<string>} reached by some test.
 * @returns {{ text: string, score: number }} Markdown, and the share of mutants that died in percent
 */
export const renderMutation = (mutants, verdicts, reached) => {
  const score = (some) => (100 * some.filter(({ id }) => verdicts.has(id)).length) / some.length
  const files = [...new Set(mutants.map(({ fileName }) => fileName))]
  const rows = files.map((file) => {
    const own = mutants.filter(({ fileName }) => fileName === file)
    const of = (kind) => own.filter(({ id }) => verdicts.get(id)?.kind === kind).length
    const unreached = own.filter(({ id }) => !reached.has(id)).length
    const lived = own.length - of('killed') - of('hung') - unreached
    return `| ${relative(root, file)} | ${own.length} | ${of('killed')} | ${of('hung')} | ${lived} | ${unreached} | ${score(own).toFixed(1)}% |`
  })
  const survivors = mutants
    .filter(({ id }) => !verdicts.has(id))
    .map(
      ({ id, fileName, location, mutatorName, original, replacement }) =>
        `- ${relative(root, fileName)}:${location.start.line + 1}:${location.start.column + 1} ${mutatorName}${reached.has(id) ? '' : ' (not reached)'}: \`${inOneLine(original)}\` -> \`${inOneLine(replacement)}\``,
    )
  return {
    text: [
      '| file | mutants | killed | without end | lived | not reached | score |',
      '|---|---|---|---|---|---|---|',
      ...rows,
      '',
      ...survivors,
      '',
    ].join('\n'),
    score: score(mutants),
  }
}
