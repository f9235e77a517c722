/** `laperm list`: the models with their recipes, the data sets, and the engines. */
import { datasetNames } from '@laperm/data'
import { inferShapes, recipes, zoo, zooNames } from '@laperm/models'
import { either as E } from 'fp-ts'
import { defineCommand } from '../command.ts'
import { engines } from '../engines.ts'
import { outputFlags } from '../flags.ts'
import { formatCount } from '../format.ts'
import { exitCodes } from '../terminal.ts'

/** Trainable parameters of a model, biases and batch normalization included. */
const parameterCount = (name: (typeof zooNames)[number]): number => {
  const inferred = inferShapes(zoo[name])
  if (E.isLeft(inferred)) throw new TypeError(`zoo model ${name} does not infer`)
  return inferred.right.parameters
    .filter(({ role }) => role !== 'movingMean' && role !== 'movingVariance')
    .reduce((sum, { shape }) => sum + shape.reduce((product, axis) => product * axis, 1), 0)
}

export const list = defineCommand({
  name: 'list',
  summary: 'the models with their recipes, the data sets, and the engines',
  flags: outputFlags,
  run: ({ flags }, terminal) => {
    const models = zooNames.map((name) => ({ name, parameters: parameterCount(name), recipe: recipes[name] }))
    if (flags.json === true) {
      terminal.out(
        JSON.stringify({
          models,
          datasets: datasetNames,
          engines: engines.map(({ name, help }) => ({ name, help })),
        }),
      )
      return exitCodes.done
    }
    terminal.out('model      parameters  data set  batch  epochs     k  source')
    for (const { name, parameters, recipe } of models)
      terminal.out(
        [
          name.padEnd(9),
          formatCount(parameters).padStart(11),
          recipe.dataset.padEnd(8).padStart(9),
          String(recipe.batchSize).padStart(5),
          String(recipe.epochs).padStart(6),
          String(recipe.syncPeriod).padStart(4),
          recipe.source,
        ].join('  '),
      )
    for (const line of ['', `data sets: ${datasetNames.join(', ')}`, '', 'engines']) terminal.out(line)
    for (const { name, help } of engines) terminal.out(`${name.padEnd(9)}  ${help}`)
    return exitCodes.done
  },
})
