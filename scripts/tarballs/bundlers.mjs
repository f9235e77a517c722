/**
 * Bundlers that a page of an installed LaPerm is put through. Each has its own way to give the addresses of tfjs's WebAssembly binaries, which are all that
 * LaPerm has outside of JavaScript on a page; the kernel of `@laperm/backend-wasm` is inside of its module.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isolation } from './open-page.mjs'

const binaries = ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd'].map(
  (name) => `${name}.wasm`,
)
const folderOfBinaries = '@tensorflow/tfjs-backend-wasm/dist'

/** A module that gives the addresses, by an import each. */
const byImports = (suffix) =>
  [
    ...binaries.map((name, i) => `import file${i} from '${folderOfBinaries}/${name}${suffix}'`),
    `const absolute = (file) => new URL(file, location.href).href`,
    `export const wasmPaths = { ${binaries.map((name, i) => `'${name}': absolute(file${i})`).join(', ')} }`,
  ].join('\n')

/** A module that gives the addresses by `new URL(..., import.meta.url)`. */
const byUrls = (prefix) =>
  `export const wasmPaths = { ${binaries.map((name) => `'${name}': new URL('${prefix}${folderOfBinaries}/${name}', import.meta.url).href`).join(', ')} }`

/** A module that says in which folder of the site they are. */
const byFolder = "export const wasmPaths = new URL('wasm/', location.href).href"

const copyBinaries = (folder, site) => {
  mkdirSync(join(site, 'wasm'), { recursive: true })
  for (const name of binaries)
    cpSync(join(folder, '..', 'node_modules', folderOfBinaries, name), join(site, 'wasm', name))
}

/** A package of the folder, loaded as its programs load it. */
const load = async (folder, name) => {
  const require = createRequire(join(folder, 'main.js'))
  return import(pathToFileURL(require.resolve(name)).href)
}

/** A command of a package of the folder. */
const execute = (folder, words) =>
  execFileSync('npx', ['--no-install', ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/**
 * A bundler.
 *
 * @typedef {object} Bundler
 * @property {readonly string[]} packages what npm installs for it
 * @property {string} wasmPaths the page's module that says where the binaries are
 * @property {(folder: string, site: string) => Promise<void> | void} [bundle] makes the site of the page in `folder`
 * @property {(folder: string) => Promise<{ address: string, close: () => Promise<void> }>} [serve] serves it as it is developed, in place of a site
 */

/** Vite's module; what `require` gives is another one in older versions. */
const loadVite = (folder, name) =>
  import(pathToFileURL(join(folder, '..', 'node_modules', name, 'dist', 'node', 'index.js')).href)

const viteSite = async (folder, site, name) => {
  const { build } = await loadVite(folder, name)
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir: site, target: 'es2022' },
  })
}

const vite = (version) => ({
  packages: [`vite-${version}@npm:vite@${version}`],
  wasmPaths: byImports('?url'),
  bundle: (folder, site) => viteSite(folder, site, `vite-${version}`),
})

/** @type {Readonly<Record<string, Bundler>>} */
export const bundlers = {
  esbuild: {
    packages: ['esbuild@0.28.2'],
    wasmPaths: byImports(''),
    bundle: async (folder, site) => {
      const { build } = await load(folder, 'esbuild')
      await build({
        absWorkingDir: folder,
        entryPoints: ['main.js'],
        outdir: site,
        bundle: true,
        format: 'esm',
        minify: true,
        loader: { '.wasm': 'file' },
        logLevel: 'error',
      })
    },
  },
  'vite 8': vite('8.4.0'),
  'vite 8, in development': {
    ...vite('8.4.0'),
    bundle: undefined,
    serve: async (folder) => {
      const { createServer } = await loadVite(folder, 'vite-8.4.0')
      const headers = isolation
      const server = await createServer({
        root: folder,
        configFile: false,
        logLevel: 'error',
        server: { headers, port: 0 },
      })
      await server.listen()
      return { address: server.resolvedUrls.local[0], close: () => server.close() }
    },
  },
  'vite 7': vite('7'),
  'vite 6': vite('6'),
  'vite 5': vite('5'),
  'webpack 5': {
    packages: ['webpack@5.113.0', 'webpack-cli@7.3.1'],
    wasmPaths: byUrls(''),
    bundle: (folder, site) => {
      execute(folder, ['webpack', '--mode', 'production', '--entry', './main.js', '--output-path', site])
    },
  },
  rollup: {
    packages: ['rollup@4.68.8', '@rollup/plugin-node-resolve@16.0.3', '@rollup/plugin-commonjs@29.0.3'],
    wasmPaths: byFolder,
    bundle: async (folder, site) => {
      const [{ rollup }, { default: nodeResolve }, { default: commonjs }] = await Promise.all(
        ['rollup', '@rollup/plugin-node-resolve', '@rollup/plugin-commonjs'].map((name) =>
          load(folder, name),
        ),
      )
      const bundle = await rollup({
        input: join(folder, 'main.js'),
        plugins: [nodeResolve({ browser: true }), commonjs()],
        onwarn: () => {},
      })
      await bundle.write({ dir: site, format: 'es' })
      copyBinaries(folder, site)
    },
  },
  parcel: {
    packages: ['parcel@2.16.4', 'process@0.11.10', 'buffer@6.0.3'],
    wasmPaths: byUrls('npm:'),
    bundle: (folder, site) => {
      // Parcel looks at `exports` only where the package.json beside the lock file asks it to.
      writeFileSync(join(folder, 'package-lock.json'), '{}')
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({
          private: true,
          type: 'module',
          '@parcel/resolver-default': { packageExports: true },
        }),
      )
      execute(folder, [
        'parcel',
        'build',
        'index.html',
        '--dist-dir',
        site,
        '--public-url',
        './',
        '--no-cache',
        '--no-source-maps',
      ])
    },
  },
}
