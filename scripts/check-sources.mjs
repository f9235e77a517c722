/**
 * The house's rules for files, each with its remedy: no file over 300 lines, no `export *`, no test that reads another package's tests,
 * no helper process with a window, no broken link between documents, no marks of merge conflicts in them, decisions numbered without gaps and listed.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { root, workspaces } from './packages.mjs'

const longest = 300
const source = /\.(ts|mjs|js|py|cc|css)$/

/** Files of the checkout, tracked or new, relative to the root. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))

const read = (path) => readFileSync(join(root, path), 'utf8')

/** The package that a file is in; none for the root's own. */
const packageOf = (path) =>
  workspaces.find(({ folder }) => folder !== '.' && path.startsWith(`${folder}/`))?.folder

/** Whether a file is a list of exports from others, as the list of layers is: types made of that list may stand beside it. */
const namesExports = (path) => read(path).match(/^export \{/gm)?.length >= 3

/** What a rule says of one source: a problem, or nothing. */
const sourceRules = [
  (_path, text) => {
    const lines = text.split('\n').length - 1
    return lines > longest ? `${lines} lines, ${longest} at most: split it by concept` : undefined
  },
  (path, text) => {
    const star = /^export \* from '([^']+)'/m.exec(text)?.[1]
    // A file that names its exports one by one, as the list of layers, may be handed on whole.
    return star === undefined || namesExports(join(dirname(path), star))
      ? undefined
      : `\`export * from '${star}'\` publishes whatever that file shares with its neighbours: name each export`
  },
  (path, text) => {
    // Modules that it imports, and files that it reads by their URL.
    const foreign = [...text.matchAll(/(?:from|import|URL)\s*\(?\s*['"](\.[^'"]*)['"]/g)]
      .map(([, specifier]) => normalize(join(dirname(path), specifier)))
      .find((target) => {
        const owner = packageOf(target)
        return owner !== undefined && owner !== packageOf(path) && target.startsWith(`${owner}/test/`)
      })
    return foreign === undefined
      ? undefined
      : `it takes ${foreign}, a test of another package: what both need goes to the root's test folder or into a package, as conformance`
  },
  (path, text) =>
    /^(apps|packages)\/[^/]+\/src\//.test(path) &&
    /from 'node:child_process'/.test(text) &&
    !text.includes('windowsHide: true')
      ? 'it starts a process that opens a window on Windows: give it `windowsHide: true`'
      : undefined,
]
const sourceProblems = files
  .filter((path) => source.test(path) && !/-binary\.ts$/.test(path))
  .flatMap((path) => {
    const text = read(path)
    return sourceRules.flatMap((rule) => rule(path, text) ?? []).map((problem) => `${path}: ${problem}`)
  })

/** Links to files; addresses, anchors, and what stands in code are left alone. */
const linkProblems = files
  .filter((path) => path.endsWith('.md') && !path.startsWith('.changeset/'))
  .flatMap((path) =>
    [
      ...read(path)
        .replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
        .matchAll(/\]\(([^)#\s]+)[^)]*\)/g),
    ]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)))
      .map((target) => `${path}: it links to ${target}, which is not there: name the file's new place`),
  )

/** A document that kept both sides of a conflict; sources with such lines do not compile. */
const conflictProblems = files
  .filter((path) => path.endsWith('.md') && /^(<{7}|>{7}) /m.test(read(path)))
  .map((path) => `${path}: it has the marks of a merge conflict: keep what both sides meant`)

const decisionProblems = () => {
  const folder = 'docs/decisions'
  const index = read(`${folder}/README.md`)
  const decisions = readdirSync(join(root, folder))
    .filter((name) => /^\d{4}-/.test(name))
    .sort()
  return decisions.flatMap((name, i) => [
    ...(Number(name.slice(0, 4)) === i + 1
      ? []
      : [`${folder}/${name}: the number ${i + 1} comes here: number decisions without gaps or twins`]),
    ...(index.includes(`(${name})`)
      ? []
      : [`${folder}/${name}: the index does not list it: add a line to README.md`]),
  ])
}

const problems = [...sourceProblems, ...linkProblems, ...conflictProblems, ...decisionProblems()]
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`${files.length} files keep the rules of the house.`)
