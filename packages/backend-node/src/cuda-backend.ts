/**
 * TensorFlow on a CUDA device, through @tensorflow/tfjs-node-gpu.
 */
import { type BackendUnavailable, backendUnavailable, renderRemedy } from '@laperm/core'
import { either as E, function as F, type taskEither as TE } from 'fp-ts'
import { type CudaMachine, describeCudaMachine, inspectCudaMachine } from './cuda-machine.ts'
import { loadRuntime } from './load-runtime.ts'
import { makeTensorFlowBackend, type TensorFlowBackend } from './tensor-backend.ts'

/**
 * The backend on a CUDA device. Never falls back to the CPU.
 *
 * @param origins files to look for the package from; by default where Node looks.
 * @param inspect how to look at the machine when something is missing.
 * @returns `Left(BackendUnavailable)` that says what is missing (package, binding, a library, a device) and which CUDA and cuDNN were
 * found and are wanted.
 */
export const makeCudaBackend =
  (
    origins?: readonly string[],
    inspect: () => CudaMachine = inspectCudaMachine,
  ): TE.TaskEither<BackendUnavailable, TensorFlowBackend> =>
  async () =>
    F.pipe(
      loadRuntime(
        'cuda',
        '@tensorflow/tfjs-node-gpu',
        'Install the CUDA toolkit and cuDNN of these versions and put them on the library path.',
        origins,
      ),
      E.filterOrElse(
        (runtime) => runtime.isUsingGpuDevice,
        () =>
          backendUnavailable(
            'cuda',
            'TensorFlow is loaded but sees no CUDA device, or tfjs-node (CPU) was loaded first',
            'Start a process that makes the cuda backend only, on a machine with an NVIDIA device and its driver.',
          ),
      ),
      E.mapLeft(({ reason, remedy }) =>
        backendUnavailable('cuda', reason, `${renderRemedy(remedy)} ${describeCudaMachine(inspect())}`),
      ),
      E.map(() => makeTensorFlowBackend('cuda', 'TensorFlow, CUDA')),
    )
