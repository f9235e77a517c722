/** Every built-in data set. A new one is a file of this folder and its line here; a new format also needs a loader. */
import { cifar10 } from './cifar10.ts'
import { digits } from './digits.ts'
import { fashionMnist } from './fashion-mnist.ts'
import { mnist } from './mnist.ts'

/** The built-in data sets, in the order to show them. */
export const datasets = [digits, mnist, fashionMnist, cifar10] as const

/** The data sets that `loadDataset` knows, as a person types them. */
export type DatasetName = (typeof datasets)[number]['name']

/** Every {@link DatasetName}, in the order to show them. */
export const datasetNames: readonly DatasetName[] = datasets.map(({ name }) => name)

/** The first built-in data set whose inputs have this shape: what a network that takes them can be trained on when nobody says. */
export const datasetWithInputs = (inputShape: readonly number[]): DatasetName | undefined =>
  datasets.find((dataset) => dataset.inputShape.join() === inputShape.join())?.name
