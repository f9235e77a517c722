/**
 * `npm run release`: packs every package, publishes each tarball whose version is not on npm, and tags the versions. `npm run release -- --dry-run` packs
 * and asks npm what it would publish, and publishes nothing. The tarballs are those that `npm run check:packages` installs.
 */
import { spawnSync } from 'node:child_process'
import { removeOutputs } from './outputs.mjs'
import { packEverything } from './pack-everything.mjs'
import { publicPackages, root } from './packages.mjs'
import { repositoryUrl } from './published-manifest.mjs'
import { run } from './setup.mjs'

const { GITHUB_ACTIONS: workflow } = process.env
const isDry = process.argv.includes('--dry-run')
if (repositoryUrl() === undefined && !isDry) {
  console.error(
    'Nothing says where the repository is, and npm would not find what READMEs link to: give package.json a repository, { "url": "https://..." }.',
  )
  process.exit(1)
}

const versions = new Set(publicPackages.map(({ manifest }) => manifest.version))
if (versions.size !== 1) {
  console.error(
    `All packages have one version, these have ${[...versions].join(', ')}: npm run version-packages`,
  )
  process.exit(1)
}

/** Name and version of a tarball. */
const identify = (tarball) => {
  const { stdout, status, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', `./${tarball}`], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`npm cannot read ${tarball}: ${stderr}`)
  return JSON.parse(stdout)[0].id
}

const isPublished = (id) =>
  spawnSync('npm', ['view', id, 'version'], { encoding: 'utf8' }).stdout.trim() !== ''

removeOutputs()
for (const tarball of packEverything(true)) {
  const id = identify(tarball)
  if (isPublished(id)) {
    console.log(`${id} is on npm`)
    continue
  }
  // Provenance: npm says which workflow of which commit made a tarball; it knows only workflows.
  const provenance = workflow === 'true' ? ['--provenance'] : []
  run('npm', [
    'publish',
    `./${tarball}`,
    '--access=public',
    ...provenance,
    ...(isDry ? ['--dry-run', '--loglevel=error'] : []),
  ])
}
if (!isDry) run('npx', ['--no-install', 'changeset', 'tag'])
