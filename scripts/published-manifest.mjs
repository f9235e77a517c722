/**
 * A package.json as npm users get it: what stands in the repository, and what is known only when it is packed.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packages.mjs'
import { runtimeDependencies } from './runtime-packages.mjs'

/**
 * Where this repository is: `repository.url` of the root's package.json, else the repository whose workflow this is.
 *
 * @returns {string | undefined} undefined where nobody has said it
 */
export const repositoryUrl = (environment = process.env) => {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = environment
  return repository?.url ?? (server && name ? `${server}/${name}` : undefined)
}

/** npm shows them beside a README, and finds what it links to by the directory. */
const addresses = (folder, url) => ({
  homepage: `${url}/tree/HEAD/${folder}#readme`,
  bugs: `${url}/issues`,
  repository: { type: 'git', url: `git+${url}.git`, directory: folder },
})

/** Packages that are made when packing cannot be in the lock file, and so not in the repository's manifest. */
const runtimes = ({ devDependencies }) =>
  devDependencies?.['onnxruntime-node'] === undefined ? {} : { optionalDependencies: runtimeDependencies() }

/**
 * @param {import('./packages.mjs').Workspace} workspace
 * @param {string | undefined} url the repository's address for people; undefined leaves its addresses out.
 * @returns {Record<string, any>}
 */
export const publishedManifest = ({ folder, manifest }, url) => ({
  ...manifest,
  ...(url === undefined ? {} : addresses(folder, url)),
  ...runtimes(manifest),
})
