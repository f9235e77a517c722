/** What is installed, run by one runtime: every entry is imported, and the command line trains. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { entriesOf, publicPackages } from '../packages.mjs'

const run = promisify(execFile)

/** Longer than anything here takes: what does not end by itself then is an error. */
const timeout = 120_000

/** Specifiers of all entries, and addresses of modules that only another condition gives. */
const modulesOf = (target) =>
  publicPackages.flatMap((workspace) =>
    entriesOf(workspace).flatMap(({ specifier, modules }) => [
      specifier,
      ...modules
        .map((path) => join(target, 'node_modules', workspace.name, path))
        .filter(existsSync)
        .map((path) => pathToFileURL(path).href),
    ]),
  )

/** Imports the modules in its argument, one after another, and says what each exports. */
const importer = `
  const counts = []
  for (const module of JSON.parse(process.argv[2])) counts.push([module, Object.keys(await import(module)).length])
  console.log(JSON.stringify(counts))
  process.exit()
`

/**
 * Try a runtime.
 *
 * @param {string} target where everything is installed.
 * @param {import('./runtimes.mjs').Runtime} runtime
 * @returns {Promise<string>} what was seen, in one line.
 * @throws Error with the runtime's name where an entry exports nothing, or training is no permutation, or the process does not end by itself.
 */
export const tryRuntime = async (target, { name, command: [binary, ...flags], hasOnnx }) => {
  // A folder of its own: runs of the same experiment would wait for each other.
  const cwd = join(target, name.replace(/\W+/g, '-'))
  mkdirSync(cwd)
  const program = join(cwd, 'import-all.mjs')
  writeFileSync(program, importer)
  const execute = async (words) => {
    try {
      return (await run(binary, [...flags, ...words], { cwd, timeout })).stdout
    } catch (error) {
      throw new Error(
        `${name}: ${words.slice(0, 2).join(' ')} ended with ${error.code ?? error.signal}\n${error.stderr}`,
      )
    }
  }
  const modules = modulesOf(target)
  const counts = JSON.parse(await execute([program, JSON.stringify(modules)]))
  for (const [module, count] of counts)
    if (!(count > 0))
      throw new Error(`${name}: ${module} exports nothing: export something, or take it out of exports`)

  const laperm = join(target, 'node_modules', 'laperm', 'bin', 'laperm.js')
  const settings = [
    '--engine',
    hasOnnx ? 'onnx' : 'wasm',
    '--limit',
    '500',
    '--epochs',
    '1',
    '--sync-period',
    '5',
  ]
  const summary = JSON.parse(await execute([laperm, 'train', 'f1', ...settings, '--json']))
  if (summary.isPermutation !== true)
    throw new Error(`${name}: laperm train f1 gave ${JSON.stringify(summary)}`)
  return `${name}: ${counts.length} modules export something; laperm trained f1 on ${settings[1]}, ${summary.permutedVectors} of ${summary.weightVectors} vectors are permutations`
}
