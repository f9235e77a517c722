/** Versions of the packages that are installed beside this one: a run's identity and its environment name them. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Own address; undefined in a bundle to CommonJS. */
const ownAddress = (): string | undefined => import.meta.url

/** @throws Error that says what to do where the package was bundled. */
const requireAddress = (): string => {
  const address = ownAddress()
  if (address !== undefined) return address
  throw new Error(
    '@laperm/runs does not know where it is installed, as in a bundle to CommonJS. Leave it external when you bundle, so that it runs from node_modules.',
  )
}

/**
 * The folder of this package.
 *
 * @throws Error that says what to do where the package was bundled to CommonJS.
 */
export const ownFolder = (): string => fileURLToPath(new URL('..', requireAddress()))

/**
 * The version of a package that this one depends on, or of this one.
 *
 * @throws Error that says what to do where it is not found, as in a bundle.
 */
export const installedVersion = (name: string): string => {
  const address = requireAddress()
  try {
    const manifest: unknown = createRequire(address)(`${name}/package.json`)
    return (manifest as { readonly version: string }).version
  } catch {
    throw new Error(
      `${name} is not installed where ${fileURLToPath(address)} would find it, as in a bundle. Leave @laperm/runs external when you bundle, so that it runs from node_modules.`,
    )
  }
}
