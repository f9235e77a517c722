/**
 * TensorFlow on the CPU, through @tensorflow/tfjs-node.
 */
import { type BackendUnavailable, backendUnavailable } from '@laperm/core'
import { either as E, function as F, type taskEither as TE } from 'fp-ts'
import { loadRuntime } from './load-runtime.ts'
import { makeTensorFlowBackend, type TensorFlowBackend } from './tensor-backend.ts'

const remedy =
  'Reinstall it (`npm rebuild @tensorflow/tfjs-node --ignore-scripts=false`); in a checkout of LaPerm run `npm run setup:tensorflow -- --force`.'

/**
 * The backend on TensorFlow's CPU runtime.
 *
 * Loading takes about a second and leaves tfjs's active backend as it was. Equal to core bit for bit, subnormal weights included.
 *
 * @param origins files to look for the package from; by default where Node looks, and `npm run setup:tensorflow`'s folder.
 * @returns `Left(BackendUnavailable)` that says what is missing: the package, its binding, or a library.
 * @example
 * ```ts
 * const made = await makeNodeBackend()()
 * if (E.isLeft(made)) console.error(renderError(made.left))
 * ```
 */
export const makeNodeBackend =
  (origins?: readonly string[]): TE.TaskEither<BackendUnavailable, TensorFlowBackend> =>
  async () =>
    F.pipe(
      loadRuntime('node', '@tensorflow/tfjs-node', remedy, origins),
      E.filterOrElse(
        (runtime) => !runtime.isUsingGpuDevice,
        () =>
          backendUnavailable(
            'node',
            'tfjs-node-gpu is loaded in this process and took the place of tfjs-node',
            'Use makeCudaBackend(), or start another process.',
          ),
      ),
      E.map(() => makeTensorFlowBackend('node', 'TensorFlow, CPU')),
    )
