/** Checks of an engine on a device, as plain data that a page can send back. */

import { denseNet } from '@laperm/conformance/engine'
import { checkPermutations, initializeParams } from '@laperm/core'
import { type Engine, orThrow, SessionFault } from '@laperm/engine'
import * as tf from '@tensorflow/tfjs-core'
import { comparedModels } from './compared-models.ts'
import { batchOf, compile, trainSteps } from './losses.ts'

interface Memory {
  readonly numTensors: number
  readonly numBytesInGPU: number | undefined
}

const memory = (): Memory => {
  const { numTensors, numBytesInGPU } = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number }
  return { numTensors, numBytesInGPU }
}

/** Tensors before a session, after its first steps, after thirty more steps and synchronizations, and after it is disposed. */
export const leaks = async (engine: Engine) => {
  const before = memory().numTensors
  const session = await compile(engine, denseNet)
  const round = async (step: number): Promise<void> => {
    await orThrow(session.trainStep(batchOf(session.inferred, 2, step), 1e-3, step))
    await orThrow(session.sync())
  }
  for (let step = 1; step <= 3; step++) await round(step)
  const first = memory()
  for (let step = 4; step <= 33; step++) await round(step)
  const later = memory()
  await session.dispose()
  return { before, first, later, after: memory().numTensors }
}

/** Vectors that are permutations of theta_0 after training, and those of the network. */
export const permuted = async (engine: Engine) => {
  const session = await compile(engine, comparedModels['f2'])
  await trainSteps(session, 1, 10)
  const params = await orThrow(session.readParams())
  await session.dispose()
  const initial = initializeParams(session.inferred.parameters, 1)
  const { weightVectors, permutedVectors } = checkPermutations(initial, params, ['kernel'])
  const moved = params[0].values.some((value, k) => value !== initial[0].values[k])
  return { weightVectors, permutedVectors, moved }
}

/** Whether a session that goes on from a state read back ends where the session that was left alone does. */
export const resumes = async (engine: Engine): Promise<boolean> => {
  const left = await compile(engine, comparedModels['f2'])
  await trainSteps(left, 1, 4)
  const state = await orThrow(left.readState())
  await trainSteps(left, 5, 8)
  const resumed = await compile(engine, comparedModels['f2'])
  await orThrow(resumed.writeState(state))
  await trainSteps(resumed, 5, 8)
  const [a, b] = [await orThrow(left.readState()), await orThrow(resumed.readState())]
  await left.dispose()
  await resumed.dispose()
  return JSON.stringify(a) === JSON.stringify(b)
}

const tagOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof SessionFault ? error.sessionError._tag : String(error)),
  )

/** The tag of what a step answers that runs while the device is lost, and of what every call answers afterwards. */
export const losing = async (engine: Engine, lose: () => void) => {
  const session = await compile(engine, comparedModels['f2'])
  await trainSteps(session, 1, 2)
  const during = tagOf(
    (async () => {
      for (let step = 3; ; step++)
        await orThrow(session.trainStep(batchOf(session.inferred, 10, step), 1e-3, step))
    })(),
  )
  lose()
  return {
    during: await during,
    step: await tagOf(orThrow(session.trainStep(batchOf(session.inferred, 10, 1), 1e-3, 9))),
    sync: await tagOf(orThrow(session.sync())),
    read: await tagOf(orThrow(session.readParams())),
    disposed: await tagOf(session.dispose()),
  }
}
