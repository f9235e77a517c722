/** The backends that checks run on: one of their own, or one that they share. */
import { renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import { makeWebGpuBackend, type WebGpuBackend } from '../src/index.ts'

/** How the checks ask for a device: software will do, and a test may say where to ask. */
export const wanted: { allowSoftware: true; gpu?: GPU } = { allowSoftware: true }

/** A backend on software or hardware, and the errors that nobody caught on its device. Without subgroups unless they are asked for. */
export const open = async (subgroups = false): Promise<{ backend: WebGpuBackend; uncaught: string[] }> => {
  const made = await makeWebGpuBackend({ ...wanted, subgroups })()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  const backend = made.right
  const uncaught: string[] = []
  backend.gpuDevice.addEventListener('uncapturederror', (event) => {
    uncaught.push((event as GPUUncapturedErrorEvent).error.message)
  })
  return { backend, uncaught }
}

type Opened = Awaited<ReturnType<typeof open>>
const shared = new Map<boolean, Opened>()

/** The backend of all checks that leave it as they found it: a backend of its own would compile all its shaders again for each. */
export const share = async (subgroups = false): Promise<Opened> => {
  const opened = shared.get(subgroups) ?? (await open(subgroups))
  shared.set(subgroups, opened)
  opened.uncaught.length = 0
  return opened
}

/** Close the shared backend, and what it holds afterwards. */
export const closeShared = async (subgroups: boolean) => {
  const { backend } = await share(subgroups)
  shared.delete(subgroups)
  backend.close()
  return backend.memory()
}

/** Close every shared backend. */
export const closeAllShared = async (): Promise<void> => {
  for (const subgroups of [...shared.keys()]) await closeShared(subgroups)
}
