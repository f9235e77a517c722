/**
 * Bundles for pages without a bundler: `browser/index.js` of every package whose manifest names it, a module with everything inside but its
 * peers, which the page's import map gives. Packages whose code is inside are named with their licences at the end of the file.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'vite'
import { publicPackages, root } from './packages.mjs'

const file = 'browser/index.js'

/** Every package that has a bundle for pages. */
export const browserPackages = publicPackages.filter(({ manifest }) => manifest.jsdelivr === `./${file}`)

/** The folder of the npm package that a module is in; undefined for our own. */
const foreignPackage = (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0]

const licenseOf = (folder) => {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const path = ['LICENSE', 'LICENSE.md', 'license'].map((each) => join(folder, each)).find(existsSync)
  if (path === undefined) throw new Error(`${name} is in a bundle, and has no file with its licence`)
  return `${name} ${version}\n\n${readFileSync(path, 'utf8').trim()}`
}

/** Appends the licences of all packages that are in a bundle. */
const withLicenses = {
  name: 'licences of what is inside',
  generateBundle(_, bundle) {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue
      const folders = [...new Set(output.moduleIds.flatMap((id) => foreignPackage(id) ?? []))].sort()
      const licenses = folders.map(licenseOf)
      if (licenses.length > 0) output.code += `\n/*!\nInside are:\n\n${licenses.join('\n\n---\n\n')}\n*/\n`
    }
  },
}

for (const { name, directory, manifest } of browserPackages) {
  await build({
    root: directory,
    configFile: false,
    logLevel: 'warn',
    plugins: [withLicenses],
    build: {
      outDir: 'browser',
      emptyOutDir: true,
      target: 'es2022',
      lib: { entry: 'dist/index.js', formats: ['es'], fileName: () => 'index.js' },
      rolldownOptions: {
        external: Object.keys(manifest.peerDependencies ?? {}),
        // A library's modules keep their white space unless it is said here.
        output: { minify: true },
      },
    },
  })
  console.log(`${name}: ${relative(root, join(directory, file))}`)
}
