/**
 * Loads tfjs-node or tfjs-node-gpu, once a process: both register the tfjs backend `tensorflow`, so only one of them can be there.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type BackendUnavailable, backendUnavailable } from '@laperm/core'
import { engine } from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { locatePackage, type RuntimePackage } from './locate-package.ts'
import { restoreRemovedUtil } from './node-util-shim.ts'
import { registeredRuntime, type TensorFlowRuntime, tfjsBackendName } from './tensorflow-runtime.ts'

/** What a failed load means: libraries of which dlopen speaks, or the message itself. */
const reasonOf = (name: RuntimePackage, error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  const library = /(lib[\w.+-]+\.so[.\d]*|\w+\.dll|lib[\w.+-]+\.dylib): cannot open shared object/.exec(
    message,
  )?.[1]
  return library === undefined
    ? `${name} could not be loaded: ${message.split('\n')[0]}`
    : `${name} needs the library ${library}, which is not on this machine's library path`
}

/**
 * Load a package and make sure that tfjs runs on it.
 *
 * The active tfjs backend stays what it was: loading tfjs-node would make `tensorflow` the active one.
 *
 * @param backend name for the error.
 * @param remedy what to do when the package is there but does not load.
 */
export const loadRuntime = (
  backend: string,
  name: RuntimePackage,
  remedy: string,
  origins?: readonly string[],
): E.Either<BackendUnavailable, TensorFlowRuntime> => {
  if (engine().registryFactory[tfjsBackendName] !== undefined) return E.right(registeredRuntime())
  const located = locatePackage(backend, name, origins)
  if (E.isLeft(located)) return located
  const active = engine().backendName
  restoreRemovedUtil()
  try {
    // `require`, not `import()`: the package is CommonJS, and its folder may be outside every node_modules that Node would search.
    createRequire(join(located.right, 'package.json'))(located.right)
    // None before any was chosen; null after the active one was removed.
    if (active != null) engine().setBackend(active)
    return E.right(registeredRuntime())
  } catch (error) {
    return E.left(backendUnavailable(backend, reasonOf(name, error), remedy))
  }
}
