/**
 * Files of this package that a worker or a process runs. Looked for when they are needed: in a bundle they are not where this module is, and a module
 * that is bundled to CommonJS does not know its own address.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of this package is not where the package is. */
export class BundledAway extends Error {
  override readonly name = 'BundledAway'
  /** What to do, apart from the reason. */
  readonly remedy =
    'Leave @laperm/engine-onnx external when you bundle, so that it runs from node_modules; or say where it is installed: makeOnnxEngine({ packageFolder }).'

  constructor(file: string, path = 'the address of the program, which does not know it,') {
    super(`${file} of @laperm/engine-onnx was looked for at ${path} and is not there, as in a bundle`)
  }
}

/** Own address; undefined in a bundle to CommonJS. */
const ownAddress = (): string | undefined => import.meta.url

/** The folder of this package, where none is given: that of this module, sources or compiled. */
export const ownFolder = (given: string | undefined): string | undefined => {
  if (given !== undefined) return resolve(given)
  const address = ownAddress()
  return address && fileURLToPath(new URL('../..', address))
}

/**
 * Where a program of this package is. Plain Node cannot run TypeScript: for the sources (tests) too it is the built file.
 *
 * @throws BundledAway where the package was bundled.
 */
export const ownProgram = (name: 'worker.js' | 'probe.js', folder: string | undefined): string => {
  const file = folder && join(folder, 'dist', name)
  if (!file || !existsSync(file)) throw new BundledAway(name, file)
  return file
}

/**
 * The version of this package.
 *
 * @throws BundledAway as {@link ownProgram}.
 */
export const ownVersion = (folder: string | undefined): string => {
  const file = folder && join(folder, 'package.json')
  try {
    const manifest: unknown = file && JSON.parse(readFileSync(file, 'utf8'))
    if (
      typeof manifest === 'object' &&
      manifest !== null &&
      'version' in manifest &&
      typeof manifest.version === 'string'
    )
      return manifest.version
  } catch {
    // Told below.
  }
  throw new BundledAway('package.json', file)
}
