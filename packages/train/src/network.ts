/** The network of an experiment: one of the zoo by its name, or one's own as data; and the recipe that goes with it. */
import { datasetWithInputs } from '@laperm/data'
import {
  type InferredModel,
  inferShapes,
  type Model,
  type Recipe,
  recipes,
  type ZooName,
  zoo,
} from '@laperm/models'
import { either as E } from 'fp-ts'
import { ownRecipe } from './own-recipe.ts'

/** A network, its shapes, and what fields that are left out are taken from. */
export interface Network {
  readonly model: Model
  readonly inferred: InferredModel
  /** Without a data set where no built-in one has the inputs of one's own network. */
  readonly recipe: Omit<Recipe, 'dataset'> & Partial<Pick<Recipe, 'dataset'>>
}

/** The network as data. */
export const modelOf = (model: ZooName | Model): Model => (typeof model === 'string' ? zoo[model] : model)

/** The network's name, for people. */
export const modelNameOf = (model: ZooName | Model): string => modelOf(model).name

/** Vectors can have any range: each of their values is brought to zero mean and unit variance, where pixels are divided by 255. */
const ownRecipeOf = ({ inputShape }: Model): Network['recipe'] => {
  const dataset = datasetWithInputs(inputShape)
  return {
    ...ownRecipe,
    ...(dataset === undefined ? {} : { dataset }),
    ...(inputShape.length === 1 ? { normalization: 'standard' } : {}),
  }
}

const shapesOf = (model: Model): InferredModel => {
  const inferred = inferShapes(model)
  if (E.isLeft(inferred)) throw new TypeError(`model ${model.name} was not checked`)
  return inferred.right
}

/** Networks of the zoo, each from the first time that it was asked for: a list of a thousand runs asks a thousand times. */
const zooNetworks = new Map<ZooName, Network>()

const zooNetworkOf = (name: ZooName): Network => {
  const known = zooNetworks.get(name)
  if (known !== undefined) return known
  const network = { model: zoo[name], inferred: shapesOf(zoo[name]), recipe: recipes[name] }
  zooNetworks.set(name, network)
  return network
}

/** @param model checked: of one's own by `parseModel`. */
export const networkOf = (model: ZooName | Model): Network =>
  typeof model === 'string'
    ? zooNetworkOf(model)
    : { model, inferred: shapesOf(model), recipe: ownRecipeOf(model) }
