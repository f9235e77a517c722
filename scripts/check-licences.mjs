/**
 * Licences of everything that a user of LaPerm installs or loads: read from the lock file by `npm sbom`, compared with docs/licences.md, each one of
 * those that are accepted. `--write` writes the list.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import satisfies from 'spdx-satisfies'
import { publicPackages, root, workspaces } from './packages.mjs'

/** They ask for their notice, which every package brings along, and nothing of the code that uses them. */
const accepted = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'CC0-1.0']

/** By package: what else is accepted, and why. */
const exceptions = {
  '@fontsource/inter': {
    licence: 'OFL-1.1',
    reason: 'A font; it may be bundled with software of any licence as long as it is not sold by itself.',
  },
  '@resvg/resvg-wasm': {
    licence: 'MPL-2.0',
    reason: 'Used as published: only changes to its own files would have to be published.',
  },
  '@tensorflow/tfjs-node': {
    licence: 'Apache-2.0',
    reason: 'An optional peer that the lock file does not hold; by its own package.json.',
  },
  '@tensorflow/tfjs-node-gpu': {
    licence: 'Apache-2.0',
    reason: 'An optional peer that the lock file does not hold; by its own package.json.',
  },
  h5wasm: {
    licence: 'NIST Software License',
    reason:
      'Read in its LICENSE.txt: free use and distribution with the notice kept; HDF5 in it is BSD-3-Clause.',
  },
}

const path = 'docs/licences.md'
const shipped = [...publicPackages, ...workspaces.filter(({ name }) => name === '@laperm/demo')]

const { components } = JSON.parse(
  execFileSync(
    'npm',
    [
      'sbom',
      '--package-lock-only',
      '--omit=dev',
      '--sbom-format=cyclonedx',
      ...shipped.flatMap(({ folder }) => ['--workspace', folder]),
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  ),
)

const own = new Set(workspaces.map(({ name }) => name))
const declaredBy = ({ licenses = [] }) =>
  licenses.map(({ expression, license }) => expression ?? license.id ?? license.name).join(' AND ')

const found = new Map(
  components
    .map((component) => [
      component['bom-ref']
        .replace(/@[^@]*$/, '')
        .split('|')
        .at(-1),
      declaredBy(component),
    ])
    .filter(([name]) => !own.has(name)),
)

// Peers, and ONNX Runtime, which users install themselves.
const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const peers = publicPackages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}))
for (const name of ['onnxruntime-common', 'onnxruntime-node', ...peers].filter((peer) => !own.has(peer)))
  found.set(name, locked[`node_modules/${name}`]?.license ?? '')

const problems = []
const rows = [...found]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, declared]) => {
    const exception = exceptions[name]
    const isAccepted = declared !== '' && satisfies(declared, accepted)
    if (!isAccepted && (exception === undefined || (declared !== '' && declared !== exception.licence)))
      problems.push(
        `${name} has the licence "${declared}": read it, and accept it in scripts/check-licences.mjs`,
      )
    if (isAccepted && exception !== undefined) problems.push(`${name} needs no exception any more`)
    return `| ${name} | ${exception?.licence ?? declared} | ${exception?.reason ?? ''} |`
  })
for (const name of Object.keys(exceptions))
  if (!found.has(name)) problems.push(`${name} is not used any more`)

const text = `# Licences

Everything that LaPerm's packages and its demo need at run time, by \`npm run check:licences -- --write\`. LaPerm itself is MIT.

| package | licence | note |
|---|---|---|
${rows.join('\n')}
`
if (process.argv.includes('--write')) writeFileSync(join(root, path), text)
else if (readFileSync(join(root, path), 'utf8') !== text)
  problems.push(`${path} is not what the lock file says: npm run check:licences -- --write`)

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${found.size} runtime dependencies, each with an accepted licence`)
