/**
 * Where tfjs-node is, and whether its native binding is there too.
 *
 * Looked for where Node finds packages, and in the folder that `npm run setup:tensorflow` fills in a checkout of LaPerm.
 */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BackendUnavailable, backendUnavailable } from '@laperm/core'
import { either as E } from 'fp-ts'

/** The packages that carry TensorFlow's runtime. */
export type RuntimePackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'

/** Files whose folders are searched from, in order. A module that is bundled to CommonJS has no address: then it is the program's folder. */
const defaultOrigins = (): readonly string[] => {
  const address: string | undefined = import.meta.url
  if (address === undefined) return [join(process.cwd(), 'package.json')]
  const own = fileURLToPath(address)
  return [own, join(dirname(own), '..', '.tensorflow', 'package.json')]
}

const remedyFor = (name: RuntimePackage): string =>
  name === '@tensorflow/tfjs-node'
    ? 'Run `npm install @tensorflow/tfjs-node` and let its install script run; in a checkout of LaPerm run `npm run setup:tensorflow`.'
    : 'Run `npm install @tensorflow/tfjs-node-gpu` and let its install script run; it needs Linux or Windows with CUDA 11.2 and cuDNN 8.1.'

const resolveFrom = (origin: string, name: RuntimePackage): string | undefined => {
  try {
    return dirname(createRequire(origin).resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

const hasBinding = (directory: string): boolean => {
  const lib = join(directory, 'lib')
  return (
    existsSync(lib) && readdirSync(lib).some((folder) => existsSync(join(lib, folder, 'tfjs_binding.node')))
  )
}

/**
 * The folder of a package that is installed and has its binding.
 *
 * @param backend name for the error.
 * @param origins files to look from; by default this package and the folder of `npm run setup:tensorflow`.
 * @returns `Left(BackendUnavailable)` that tells a package that is not there from one without its binding.
 */
export const locatePackage = (
  backend: string,
  name: RuntimePackage,
  origins: readonly string[] = defaultOrigins(),
): E.Either<BackendUnavailable, string> => {
  const found = origins.flatMap((origin) => resolveFrom(origin, name) ?? [])
  const complete = found.find(hasBinding)
  if (complete !== undefined) return E.right(complete)
  return E.left(
    found.length === 0
      ? backendUnavailable(backend, `the package ${name} is not installed`, remedyFor(name))
      : backendUnavailable(
          backend,
          `${name} is installed in ${found[0]}, but its native binding (lib/napi-v8/tfjs_binding.node) is missing: its install script did not run or could not download it`,
          remedyFor(name),
        ),
  )
}
