/** A model's parameters as tfjs variables, trained, evaluated and synchronized on one tfjs backend. */
import { type InnerOptimizerSpec, isTrainable, type Params, type TensorOperations } from '@laperm/core'
import { fillDropoutMask } from '@laperm/core/kernel'
import type { Batch, CompileOptions, SessionState, TrainSession } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import { checkBatch, checkParams, checkState, checkStep } from './checks.ts'
import { type ForwardContext, forward } from './forward.ts'
import type { TensorOptimizer } from './inner-update.ts'
import { softmaxCrossEntropy } from './loss.ts'
import { refuseNaN } from './refuse-nan.ts'

/** What a session runs on. */
export interface Runtime {
  /** Name under which tfjs knows the backend. */
  readonly backendName: string
  /** What sorts and synchronizes variables on this backend. */
  readonly operations: TensorOperations<tf.Tensor>
  readonly makeOptimizer: (spec: InnerOptimizerSpec) => TensorOptimizer
  /** Resolves, with what is known, when the device is gone for good; never where there is no device to lose. */
  readonly lost: Promise<string>
  /** Whether there is a device to lose. */
  readonly canBeLost: boolean
}

/** tf.tensor keeps a reference to the array that it is given. */
const tensorOf = (values: Float32Array, shape: readonly number[]): tf.Tensor =>
  tf.tensor(values.slice(), [...shape])

/** How long a failed call waits for the news that its device is lost: on a busy machine it comes a second later. */
const graceMs = 3000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Make a session; parameters get their values from `initialize`. */
export const makeSession = (
  inferred: InferredModel,
  options: CompileOptions,
  runtime: Runtime,
): TrainSession => {
  const { model, parameters } = inferred
  const optimizer = runtime.makeOptimizer(options.innerOptimizer)
  const trainableSpecs = parameters.filter(({ role }) => isTrainable(role))
  const permutes = options.outerUpdate.kind === 'permute'
  const permutedSpecs = permutes
    ? trainableSpecs.filter(({ role }) => model.permutedRoles.includes(role))
    : []

  const variables = new Map<string, tf.Variable>()
  let slots: readonly (readonly tf.Variable[])[] = []
  let sorted: readonly tf.Tensor[] = []
  let slow: readonly tf.Variable[] = []
  let lostReason: string | undefined
  let isDisposed = false
  const lost = runtime.lost.then((reason) => {
    lostReason = reason
    throw new Error(
      `The device of tfjs's ${runtime.backendName} backend was lost while ${model.name} was trained: ${reason}. Make a new engine; the last checkpoint can be resumed.`,
    )
  })
  // Whoever waits gets the error; with nobody waiting it is no unhandled rejection.
  lost.catch(() => undefined)

  /** Another engine may have made its own backend the active one. Of an initialized backend this takes effect at once. */
  const activate = (): void => {
    if (isDisposed) throw new Error(`the session of ${model.name} is disposed; compile the model again`)
    if (tf.getBackend() !== runtime.backendName) void tf.setBackend(runtime.backendName)
  }
  const during = async <A>(what: string, work: () => Promise<A>): Promise<A> => {
    if (lostReason !== undefined) await lost
    activate()
    try {
      return await Promise.race([work(), lost])
    } catch (error) {
      if (error instanceof RangeError) throw error
      // A call may fail a moment before its device is told to be lost, and the loss is the better reason.
      if (runtime.canBeLost) await Promise.race([lost, pause(graceMs)])
      if (lostReason !== undefined) return await lost
      if (!(error instanceof Error)) throw error
      throw new Error(`${what} on tfjs's ${runtime.backendName} backend: ${error.message}`, { cause: error })
    }
  }
  const read = async (tensor: tf.Tensor): Promise<Float32Array> => {
    const values = (await tensor.data<'float32'>()) as Float32Array
    activate()
    return values.slice()
  }
  const variable = (name: string): tf.Variable => {
    const found = variables.get(name)
    if (found === undefined)
      throw new Error(`${model.name}: call initialize first, the parameters have no values yet`)
    return found
  }
  const trainables = (): readonly tf.Variable[] => trainableSpecs.map(({ name }) => variable(name))
  const release = (): void => {
    for (const each of [...variables.values(), ...slots.flat(), ...sorted, ...slow]) each.dispose()
    variables.clear()
    slots = []
    sorted = []
    slow = []
  }

  const contextOf = (isTraining: boolean, size: number, step: number): ForwardContext => ({
    isTraining,
    variable,
    dropoutMask: (layer, rate, perExample) => {
      const shape = [size, ...perExample]
      const mask = new Float32Array(shape.reduce((product, axis) => product * axis, 1))
      fillDropoutMask(mask, rate, options.seed, layer, step)
      return tf.tensor(mask, shape)
    },
  })
  const inputOf = ({ inputs, size }: Batch): tf.Tensor => tf.tensor(inputs, [size, ...model.inputShape])

  const step = (batch: Batch, learningRate: number, number: number): tf.Tensor =>
    tf.tidy(() => {
      const context = contextOf(true, batch.size, number)
      const input = inputOf(batch)
      const weights = trainables()
      let score: tf.Tensor | undefined
      const { value, grads } = tf.variableGrads(() => {
        const { lossSum, correct } = softmaxCrossEntropy(forward(context, inferred.layers, input), batch)
        score = tf.keep(tf.stack([lossSum, correct]))
        return tf.div(lossSum, batch.size) as tf.Scalar
      }, [...weights])
      value.dispose()
      const update = optimizer.atStep(learningRate, number)
      weights.forEach((theta, i) => {
        const { l2 } = trainableSpecs[i]
        const gradient = grads[theta.name]
        const updated = update(
          theta,
          l2 === 0 ? gradient : tf.add(gradient, tf.mul(theta, 2 * l2)),
          slots.map((arrays) => arrays[i]),
        )
        theta.assign(updated.weights)
        updated.slots.forEach((next, slot) => {
          slots[slot][i].assign(next)
        })
      })
      if (score === undefined) throw new Error('the loss was not computed')
      // A kept tensor outlives every scope; its copy belongs to this one.
      const result = tf.clone(score)
      score.dispose()
      return result
    })

  const permute = async (): Promise<void> => {
    const chosen = permutedSpecs.map(({ name }) => ({ name, tensor: variable(name) as tf.Tensor }))
    await refuseNaN(chosen, read)
    const results: tf.Tensor[] = []
    try {
      for (const [i, { tensor }] of chosen.entries()) {
        results.push(await runtime.operations.sync(sorted[i], tensor))
        activate()
      }
      // All or nothing: no variable is written before the device has taken every synchronization.
      await runtime.operations.settled?.()
      activate()
      results.forEach((result, i) => {
        variable(permutedSpecs[i].name).assign(result)
      })
    } finally {
      tf.dispose(results)
    }
  }
  const moveSlow = (slowStepSize: number): void =>
    tf.tidy(() => {
      trainables().forEach((fast, i) => {
        const next = tf.add(slow[i], tf.mul(tf.sub(fast, slow[i]), slowStepSize))
        slow[i].assign(next)
        fast.assign(next)
      })
    })

  const readParams = async (): Promise<Params> => {
    const params: Params[number][] = []
    for (const { name, shape, role } of parameters)
      params.push({ name, shape, role, values: await read(variable(name)) })
    return params
  }
  const readAll = async (tensors: readonly tf.Tensor[]): Promise<readonly Float32Array[]> => {
    const arrays: Float32Array[] = []
    for (const tensor of tensors) arrays.push(await read(tensor))
    return arrays
  }
  const write = (target: tf.Variable, values: Float32Array): void => {
    const tensor = tensorOf(values, target.shape)
    target.assign(tensor)
    tensor.dispose()
  }
  const own = (values: Float32Array, shape: readonly number[]): tf.Variable => {
    const tensor = tensorOf(values, shape)
    const made = tf.variable(tensor)
    tensor.dispose()
    return made
  }

  return {
    inferred,
    initialize: (initial) =>
      during(`setting the parameters of ${model.name}`, async () => {
        checkParams(inferred, initial)
        release()
        for (const { name, shape, values } of initial) variables.set(name, own(values, shape))
        const zeros = (): readonly tf.Variable[] =>
          trainables().map(({ shape, size }) => own(new Float32Array(size), shape))
        slots = optimizer.slotNames.map(zeros)
        if (options.outerUpdate.kind === 'lookahead')
          slow = initial
            .filter(({ role }) => isTrainable(role))
            .map(({ values, shape }) => own(values, shape))
        await refuseNaN(
          permutedSpecs.map(({ name }) => ({ name, tensor: variable(name) })),
          read,
        )
        const ascending: tf.Tensor[] = []
        for (const { name } of permutedSpecs) {
          ascending.push(await runtime.operations.sort(variable(name)))
          activate()
        }
        await runtime.operations.settled?.()
        activate()
        sorted = ascending
      }),
    trainStep: (batch, learningRate, number) =>
      during(`training step ${number} of ${model.name} with ${batch.size} examples`, async () => {
        checkStep(learningRate, number)
        checkBatch(inferred, batch)
        const score = step(batch, learningRate, number)
        const [lossSum, correct] = await read(score)
        score.dispose()
        return { loss: lossSum / batch.size, correct }
      }),
    evaluate: (batch) =>
      during(`evaluating ${batch.size} examples with ${model.name}`, async () => {
        checkBatch(inferred, batch)
        const score = tf.tidy(() => {
          const logits = forward(contextOf(false, batch.size, 0), inferred.layers, inputOf(batch))
          const { lossSum, correct } = softmaxCrossEntropy(logits, batch)
          return tf.stack([lossSum, correct])
        })
        const [lossSum, correct] = await read(score)
        score.dispose()
        return { lossSum, correct, size: batch.size }
      }),
    sync: () =>
      during(`synchronizing ${model.name}`, async () => {
        variable(parameters[0].name)
        if (options.outerUpdate.kind === 'lookahead') moveSlow(options.outerUpdate.slowStepSize)
        else if (permutes) await permute()
      }),
    readParams: () => during(`reading the parameters of ${model.name}`, readParams),
    readState: () =>
      during(`reading the state of ${model.name}`, async (): Promise<SessionState> => {
        const params = await readParams()
        const values: Record<string, readonly Float32Array[]> = {}
        for (const [i, name] of optimizer.slotNames.entries()) values[name] = await readAll(slots[i])
        return { params, slots: values, slow: await readAll(slow) }
      }),
    writeState: (state) =>
      during(`writing the state of ${model.name}`, async () => {
        variable(parameters[0].name)
        checkState(inferred, state, optimizer.slotNames, slow.length > 0)
        for (const { name, values } of state.params) write(variable(name), values)
        optimizer.slotNames.forEach((name, slot) => {
          state.slots[name].forEach((values, i) => {
            write(slots[slot][i], values)
          })
        })
        state.slow.forEach((values, i) => {
          write(slow[i], values)
        })
      }),
    dispose: async () => {
      if (isDisposed) return
      if (lostReason === undefined) activate()
      isDisposed = true
      release()
    },
  }
}
