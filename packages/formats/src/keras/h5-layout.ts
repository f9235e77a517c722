/**
 * Where Keras puts weights in an HDF5 file, and in which order.
 *
 * Keras 2, and whole models of Keras 3 as `.h5`: the attribute `layer_names` of the root or of `/model_weights` names the layers' groups in the network's order, their
 * `weight_names` the data sets in each. Long lists are cut into `layer_names0`, `layer_names1`, ... Keras 3's `.weights.h5` has no lists: `layers/<class>_<number>/vars/<number>`, found by walking. The
 * optimizer's own state is no weight of the network.
 */
import type { H5File } from '../h5/h5-file.ts'
import { compareNaturally } from '../naming/natural-order.ts'
import { refuseFile } from '../refusal.ts'
import type { ByteSource } from '../source/byte-source.ts'

/** A data set in the file. */
export interface H5Weight {
  readonly path: string
  /** As people know it: without the group that it was found in. */
  readonly name: string
}

/** What is known of a file before it is opened. */
type FileFacts = Pick<ByteSource, 'path' | 'sizeBytes'>

/** Groups in each other: links can make a circle. */
const mostLevels = 32
/** Of an object in the file: its header and the link to it. A file has no more objects than it has room for, unless links come back to them. */
const leastObjectBytes = 64

/** Groups at the top that hold other things. */
const isOther = (path: string): boolean => path === '/optimizer_weights' || /(^|\/)optimizer$/.test(path)

/** A list of names, whole or in pieces; null where there is none. */
const nameList = (file: H5File, path: string, attribute: string): readonly string[] | null => {
  const whole = file.texts(path, attribute)
  if (whole !== null) return whole
  const names: string[] = []
  for (let piece = 0; ; piece++) {
    const found = file.texts(path, `${attribute}${piece}`)
    if (found === null) return piece === 0 ? null : names
    names.push(...found)
  }
}

const join = (group: string, name: string): string => `${group === '/' ? '' : group}/${name}`

/** The data sets that lists name, in their order. */
const listed = (
  { path: source, sizeBytes }: FileFacts,
  file: H5File,
  root: string,
  layers: readonly string[],
): readonly H5Weight[] => {
  const most = sizeBytes / leastObjectBytes
  const weights: H5Weight[] = []
  const paths = new Set<string>()
  // Weights of a model that belong to no layer have a group of their own.
  const groups = [...layers, 'top_level_model_weights']
  for (const layer of groups) {
    const group = join(root, layer)
    if (layer === 'top_level_model_weights' && !file.names(root).includes(layer)) continue
    for (const name of nameList(file, group, 'weight_names') ?? []) {
      const path = join(group, name)
      if (paths.has(path)) refuseFile(source, "each weight once in 'weight_names'", `'${path}' twice`)
      paths.add(path)
      if (file.kindOf(path) !== 'data set')
        refuseFile(source, `a data set '${path}', as 'weight_names' says`, 'none')
      weights.push({ path, name: name.startsWith(`${layer}/`) ? name : `${layer}/${name}` })
      if (weights.length > most)
        refuseFile(source, `at most ${most} weights in a file of ${sizeBytes} bytes`, 'more')
    }
  }
  return weights
}

/** Every data set below a group, by walking. */
const walked = ({ path: source, sizeBytes }: FileFacts, file: H5File, root: string): readonly H5Weight[] => {
  const most = sizeBytes / leastObjectBytes
  const weights: H5Weight[] = []
  let objects = 0
  const walk = (group: string, level: number): void => {
    if (level > mostLevels)
      refuseFile(source, `at most ${mostLevels} groups in each other`, `more at '${group}'`)
    for (const name of [...file.names(group)].sort(compareNaturally)) {
      if (++objects > most)
        refuseFile(source, `at most ${most} groups and data sets in a file of ${sizeBytes} bytes`, 'more')
      const path = join(group, name)
      if (isOther(path)) continue
      const kind = file.kindOf(path)
      if (kind === 'group') walk(path, level + 1)
      else if (kind === 'data set')
        weights.push({ path, name: path.slice(root === '/' ? 1 : root.length + 1) })
    }
  }
  walk(root, 0)
  return weights
}

/**
 * The weights of a file of Keras's, or all data sets of another program's, in the natural order of their names.
 *
 * @param source its path is named in errors, its size bounds what can be in it.
 */
export const h5Weights = (source: FileFacts, file: H5File): readonly H5Weight[] => {
  const root =
    file.names('/').includes('model_weights') && file.kindOf('/model_weights') === 'group'
      ? '/model_weights'
      : '/'
  const layers = nameList(file, root, 'layer_names')
  return layers === null ? walked(source, file, root) : listed(source, file, root, layers)
}
