/** The part of a training step after the forward pass: gradients, the inner optimizer, the moving averages. */
import { add, concatenate, multiply, reshape, split, subtract } from '../onnx/expressions.ts'
import type { Tensor } from '../onnx/graph-builder.ts'
import { addL2Gradient } from '../operators/l2.ts'
import type { GraphOptimizer } from '../optimizers/graph-optimizer.ts'
import type { BatchStatistic, Forward } from './append-forward.ts'
import type { BoundGraph } from './bound-graph.ts'
import type { ParameterBank, ParameterGroup } from './parameter-bank.ts'

/** The gradient of the mean loss for every trained parameter, by name; without the penalty's. */
const appendGradients = (
  { tape, logits, loss, parameter, inverseBatchSize }: Forward,
  bank: ParameterBank,
): ReadonlyMap<string, Tensor> => {
  const names = bank.groups.flatMap((group) => group.parameters.map(({ name }) => name))
  const gradients = tape.backward(logits, loss.logitsGradient(inverseBatchSize()), names.map(parameter))
  return new Map(
    names.map((name, i) => {
      const gradient = gradients[i]
      if (gradient === undefined) throw new RangeError(`gradients: the loss does not depend on ${name}`)
      return [name, gradient]
    }),
  )
}

/**
 * Elements that the optimizer updates in one go. Its temporaries are some five arrays as long: of a whole dense kernel they would be as large
 * as the activations.
 */
const longestStretch = 1 << 18

const stretchesOf = (group: ParameterGroup): readonly ParameterGroup[] =>
  Array.from({ length: Math.ceil(group.size / longestStretch) }, (_, i) => ({
    ...group,
    offset: group.offset + i * longestStretch,
    size: Math.min(longestStretch, group.size - i * longestStretch),
  }))

/** Append the inner optimizer's step for every group of parameters. */
export const appendOptimizer = (
  { graph, input, output }: BoundGraph,
  forward: Forward,
  bank: ParameterBank,
  optimizer: GraphOptimizer,
): void => {
  const scalars = optimizer.scalarNames.map((name, i) => input(name, 'scalars', 1 + i, []))
  const gradientOf = appendGradients(forward, bank)
  const appendStretch = (
    name: string,
    { offset, size, l2 }: ParameterGroup,
    gradient: Tensor,
    params: Tensor,
  ): void => {
    const slots = optimizer.slotNames.map((slot) => input(`${name}/${slot}`, `slot/${slot}`, offset, [size]))
    const next = optimizer.append(graph, params, addL2Gradient(graph, gradient, params, l2), slots, scalars)
    output(`${name}/next`, next.params, 'nextTrainable', offset)
    optimizer.slotNames.forEach((slot, i) => {
      output(`${name}/next/${slot}`, next.slots[i], `slot/${slot}`, offset)
    })
  }
  const appendGroup = (group: ParameterGroup): void => {
    const { parameters } = group
    const gradients = parameters.map((place) =>
      reshape(graph, gradientOf.get(place.name) as Tensor, [place.size]),
    )
    const stretches = stretchesOf(group)
    const ofStretches = split(
      graph,
      concatenate(graph, gradients, 0),
      stretches.map(({ size }) => size),
    )
    stretches.forEach((stretch, i) => {
      const { offset, size } = stretch
      const name = `update${offset}`
      const isWhole = parameters.length === 1 && stretches.length === 1
      const params = isWhole
        ? reshape(graph, forward.parameter(parameters[0].name), [size])
        : input(name, 'trainable', offset, [size])
      appendStretch(name, stretch, ofStretches[i], params)
    })
  }
  // onnxruntime runs what was appended last first, and what that needs. Appended in the order of the layers, the gradients of the last layer's
  // kernel come as soon as they can, and its activations are free before the first layer's are needed.
  const layerOf = ({ parameters }: ParameterGroup): number =>
    Math.min(...parameters.map((parameter) => bank.parameters.indexOf(parameter)))
  bank.groups.toSorted((a, b) => layerOf(a) - layerOf(b)).forEach(appendGroup)
}

/** Append `average + (1 - momentum) * (batch statistic - average)` for all moving averages at once. */
export const appendMovingAverages = (
  { graph, input, output }: BoundGraph,
  { statistics }: Forward,
  bank: ParameterBank,
): void => {
  const moving = bank.parameters.filter((place) => place.bank === 'moving')
  if (moving.length === 0) return
  const size = [bank.sizes.moving]
  const entries = moving.map(({ name }) => statistics.get(name) as BatchStatistic)
  const rates = moving.flatMap((place, i) => new Array<number>(place.size).fill(1 - entries[i].momentum))
  const averages = input('moving', 'moving', 0, size)
  const batch = concatenate(
    graph,
    entries.map(({ statistic }) => statistic),
    0,
  )
  const step = multiply(
    graph,
    subtract(graph, batch, averages),
    graph.constant(Float32Array.from(rates), size),
  )
  output('moving/next', add(graph, averages, step), 'moving', 0)
}
