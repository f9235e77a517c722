/**
 * `npm run test:mutation`: change core's order, permutations and optimizers and the laws of conformance, one place at a time, and see
 * whether a test notices. `--fresh` begins anew; otherwise a run that was stopped goes on, which is right while no file has changed.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { makeMutants } from './mutation/mutants.mjs'
import { renderMutation } from './mutation/report.mjs'
import { root } from './packages.mjs'

const folder = join(root, 'coverage', 'mutation')
const journal = join(folder, 'journal.jsonl')
/** Least share of mutants that must die, in percent. */
const LEAST_SCORE = 90
/** Processor time that no mutant which ends needs for one test; the dry runs of slow tests need less too. */
const HANGS_AFTER_MS = 60_000

if (process.argv.includes('--fresh')) rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const { mutants } = await makeMutants()
const packageOf = (file) => join(root, ...relative(root, file).split('/').slice(0, 2))

const readJournal = () =>
  existsSync(journal)
    ? readFileSync(journal, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : []

/** Milliseconds that a process has run, so that a busy machine makes no mutant hang; of the clock where the system does not tell. */
const workedMs = (pid) => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    // Fields 14 and 15 of proc(5), in hundredths of a second.
    return 10 * (Number(fields[11]) + Number(fields[12]))
  } catch {
    return performance.now()
  }
}

/** Run vitest until it ends, or until it works for too long without a word: then what it tried last hangs. */
const runTests = (environment, more = []) =>
  new Promise((settle, fail) => {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.mutation.config.ts', ...more],
      {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          LAPERM_MUTATION_JOURNAL: journal,
          LAPERM_MUTANTS: JSON.stringify(
            Object.fromEntries(mutants.map(({ id, fileName }) => [id, packageOf(fileName)])),
          ),
          ...environment,
        },
      },
    )
    let said = { sizeBytes: -1, atMs: 0 }
    const watch = setInterval(() => {
      if (!existsSync(journal)) return
      const [sizeBytes, atMs] = [statSync(journal).size, workedMs(child.pid)]
      if (sizeBytes !== said.sizeBytes) said = { sizeBytes, atMs }
      else if (atMs - said.atMs > HANGS_AFTER_MS) child.kill('SIGKILL')
    }, 1000)
    child.on('error', fail)
    child.on('exit', (code, signal) => {
      clearInterval(watch)
      settle({ code, isHung: signal === 'SIGKILL' })
    })
  })

const append = (entry) => writeFileSync(journal, `${JSON.stringify(entry)}\n`, { flag: 'a' })

/** Of every mutant what ended it, if anything did. */
const verdicts = () =>
  new Map(
    readJournal()
      .filter(({ kind }) => kind === 'killed' || kind === 'hung')
      .map((entry) => [entry.mutant, entry]),
  )

for (;;) {
  const { isHung } = await runTests({})
  const last = readJournal().at(-1)
  if (isHung && last?.kind === 'tried') append({ ...last, kind: 'hung' })
  else if (last?.kind === 'static') break
  else if (!isHung && last?.kind !== 'killed') throw new Error('the tests did not run to their end')
}

// What is computed when a module is loaded needs a process of its own.
const reachedByTests = new Set(readJournal().flatMap(({ kind, covered }) => (kind === 'done' ? covered : [])))
const reachedAtLoad = new Set(
  readJournal().flatMap(({ kind, mutants: ids }) => (kind === 'static' ? ids : [])),
)
for (const { id, fileName } of mutants) {
  if (reachedByTests.has(id) || !reachedAtLoad.has(id) || verdicts().has(id)) continue
  const { isHung } = await runTests({ LAPERM_STATIC_MUTANT: id }, ['--bail', '1', packageOf(fileName)])
  const last = readJournal().at(-1)
  if (isHung) append({ kind: 'hung', mutant: id, test: last?.test ?? '' })
  else if (!verdicts().has(id)) append({ kind: 'lived', mutant: id })
}

const { text, score } = renderMutation(mutants, verdicts(), new Set([...reachedByTests, ...reachedAtLoad]))
writeFileSync(join(folder, 'report.md'), text)
console.log(text)
console.log(`coverage/mutation/report.md: ${score.toFixed(1)}% of ${mutants.length} mutants die`)
process.exitCode = score < LEAST_SCORE ? 1 : 0
