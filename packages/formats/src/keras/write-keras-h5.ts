/** Weights as a Keras `.h5` file, in the layout of `save_weights` of Keras 2, which Keras 3 loads too. */
import { File, type Group, ready } from 'h5wasm'
import type { Tensor } from '../tensor.ts'
import { requireWritable } from '../writable-tensors.ts'

/** What Keras calls the roles that we call otherwise. */
const kerasNames: Readonly<Record<string, string>> = {
  movingMean: 'moving_mean',
  movingVariance: 'moving_variance',
}

/** An attribute has at most 64 kB; Keras cuts longer lists into pieces, `layer_names0` and so on. */
const mostNames = 2000

const writeNames = (group: Group, attribute: string, names: readonly string[]): void => {
  if (names.length <= mostNames) {
    group.create_attribute(attribute, [...names])
    return
  }
  for (let piece = 0; piece * mostNames < names.length; piece++)
    group.create_attribute(`${attribute}${piece}`, names.slice(piece * mostNames, (piece + 1) * mostNames))
}

const splitName = (name: string): readonly [layer: string, weight: string] => {
  const at = name.lastIndexOf('/')
  const weight = name.slice(at + 1)
  return [
    at === -1 ? 'weights' : name.slice(0, at).replaceAll('/', '_'),
    Object.hasOwn(kerasNames, weight) ? kerasNames[weight] : weight,
  ]
}

const makeGroup = (parent: Group, name: string): Group => {
  const made = parent.create_group(name)
  if (made === null) throw new TypeError(`h5wasm made no group '${name}'`)
  return made
}

const fill = (file: File, tensors: readonly Tensor[]): void => {
  const layers = new Map<string, Tensor[]>()
  for (const tensor of tensors) {
    const [layer] = splitName(tensor.name)
    const members = layers.get(layer)
    if (members === undefined) layers.set(layer, [tensor])
    else members.push(tensor)
  }
  file.create_attribute('backend', 'tensorflow')
  file.create_attribute('keras_version', '2.15.0')
  writeNames(file, 'layer_names', [...layers.keys()])
  for (const [layer, members] of layers) {
    const group = makeGroup(file, layer)
    const inner = makeGroup(group, layer)
    const names = members.map(({ name }) => `${splitName(name)[1]}:0`)
    writeNames(
      group,
      'weight_names',
      names.map((name) => `${layer}/${name}`),
    )
    for (const [i, { shape, values }] of members.entries())
      inner.create_dataset({ name: names[i], data: values, shape: [...shape], dtype: '<f4' })
  }
}

let files = 0

/**
 * The bytes of a `.h5` file: a group a layer, in the order of the tensors, whose last part of the name is the weight's: `conv1/kernel`.
 *
 * `model.load_weights('x.h5')` of Keras goes by that order. Cost: the file is made in WebAssembly's memory and copied.
 * @throws RangeError when a shape does not hold its values, a name occurs twice, or leads out of its group.
 */
export const encodeKerasH5 = async (tensors: readonly Tensor[]): Promise<Uint8Array> => {
  requireWritable(tensors)
  const { FS } = await ready
  const path = `/laperm-new-${files++}.h5`
  const file = new File(path, 'w', { libver: ['earliest', 'v110'] })
  try {
    fill(file, tensors)
    file.close()
    return FS.readFile(path)
  } finally {
    FS.unlink(path)
  }
}
