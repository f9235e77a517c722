/**
 * ONNX Runtime as packages of our own, one for each system and processor: the files of onnxruntime-node as its makers built them, without its
 * install script and what only that needs. Why: docs/decisions/0037.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { npmPack } from './npm-pack.mjs'
import { root } from './packages.mjs'

const enginePackage = join(root, 'packages/engine-onnx/package.json')
const upstream = dirname(createRequire(enginePackage).resolve('onnxruntime-node/package.json'))
const upstreamManifest = JSON.parse(readFileSync(join(upstream, 'package.json'), 'utf8'))

/** Where onnxruntime-node keeps what is native. */
const binaries = 'bin/napi-v6'

/**
 * A system and a processor, as Node names them.
 *
 * @typedef {{ platform: string, architecture: string }} Host
 */

/**
 * What onnxruntime-node has binaries for.
 *
 * @type {readonly Host[]}
 */
export const runtimeHosts = readdirSync(join(upstream, binaries)).flatMap((platform) =>
  readdirSync(join(upstream, binaries, platform)).map((architecture) => ({ platform, architecture })),
)

/** @param {Host} host */
const nameFor = ({ platform, architecture }) => `@laperm/onnxruntime-${platform}-${architecture}`

/** @param {Host} host */
export const isThisMachine = ({ platform, architecture }) =>
  platform === process.platform && architecture === process.arch

/**
 * Every package of ONNX Runtime with the version that @laperm/engine-onnx wants: npm installs the one that fits the machine.
 *
 * @returns {Record<string, string>}
 */
export const runtimeDependencies = () =>
  Object.fromEntries(runtimeHosts.map((host) => [nameFor(host), upstreamManifest.version]))

/** @param {Host} host */
const manifestFor = (host) => ({
  name: nameFor(host),
  version: upstreamManifest.version,
  description: `ONNX Runtime for Node on ${host.platform} ${host.architecture}: onnxruntime-node ${upstreamManifest.version} without its install script`,
  license: 'MIT',
  author: 'Microsoft Corporation',
  repository: { type: 'git', url: 'git+https://github.com/microsoft/onnxruntime.git', directory: 'js/node' },
  homepage: 'https://onnxruntime.ai',
  keywords: ['onnx', 'onnxruntime', 'laperm'],
  os: [host.platform],
  cpu: [host.architecture],
  ...(host.platform === 'linux' ? { libc: ['glibc'] } : {}),
  main: 'dist/index.js',
  types: 'dist/index.d.ts',
  files: ['dist', 'bin'],
  dependencies: { 'onnxruntime-common': upstreamManifest.version },
  publishConfig: { access: 'public' },
})

/** @param {Host} host */
const readmeFor = (host) => `# ${nameFor(host)}

[onnxruntime-node](https://www.npmjs.com/package/onnxruntime-node) ${upstreamManifest.version}, Microsoft's ONNX Runtime for Node, for ${host.platform} on ${host.architecture} alone: the same
files, without the script that downloads CUDA's libraries while it is installed. \`@laperm/engine-onnx\` trains on it.

MIT, Copyright (c) Microsoft Corporation; what it is built from: [ThirdPartyNotices](https://github.com/microsoft/onnxruntime/blob/v${upstreamManifest.version}/ThirdPartyNotices.txt).
`

/** onnxruntime-node says MIT and packs no text of it; this is the text of its repository. */
const license = readFileSync(join(root, 'LICENSE'), 'utf8').replace(
  /^Copyright .*$/m,
  'Copyright (c) Microsoft Corporation',
)

/**
 * Pack ONNX Runtime for a system and a processor.
 *
 * @param {Host} host
 * @param {string} target folder for the tarball.
 * @returns {string} the tarball's name
 */
export const packRuntime = (host, target) => {
  const folder = mkdtempSync(join(tmpdir(), 'laperm-onnxruntime-'))
  try {
    const ofHost = join(binaries, host.platform, host.architecture)
    cpSync(join(upstream, ofHost), join(folder, ofHost), { recursive: true })
    cpSync(join(upstream, 'dist'), join(folder, 'dist'), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    })
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestFor(host), null, 2)}\n`)
    writeFileSync(join(folder, 'README.md'), readmeFor(host))
    writeFileSync(join(folder, 'LICENSE'), license)
    return npmPack([folder], target)[0].filename
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
