import { checkPermutations } from '@laperm/core'
import { makeOnnxEngine } from '@laperm/engine-onnx'
import { either as E, taskEither as TE } from 'fp-ts'
import { expect, test } from 'vitest'
import { executeRun, identityOf, readStartsFrom, readWeights, renderRunError } from '../src/index.ts'
import { experimentOf, makeDirectory, must, smallDigits } from './fixture-runs.ts'

const source = { dataDir: null, folder: null, acceptChecksum: false }

test('a run starts from the shuffled best weights of a finished run beside it, and from no other', async () => {
  const parent = makeDirectory()
  const options = {
    directory: null,
    parent,
    source,
    loadEngine: () => makeOnnxEngine({ threads: 1 }),
    loadData: () => TE.right(smallDigits),
  }
  const adam = must(await executeRun(experimentOf({ optimizer: 'adam', outer: {} }), options)())
  const shuffled = experimentOf({ shuffledFrom: adam.run.config.identity })
  const permuted = must(await executeRun(shuffled, options)())
  const trained = must(await readWeights(adam.run, 'best')())
  const reconnected = must(await readWeights(permuted.run, 'last')())
  expect(checkPermutations(trained, reconnected, ['kernel']).isPermutation).toBe(true)
  expect(permuted.summary.isPermutation).toBe(true)
  expect(must(await executeRun(shuffled, options)()).kind).toBe('alreadyFinished')

  const absent = await executeRun(experimentOf({ shuffledFrom: 'b'.repeat(64) }), options)()
  expect(
    E.isLeft(absent) && absent.left._tag === 'RunUnavailable' ? renderRunError(absent.left) : '',
  ).toMatch(/the run bbbbbb, whose shuffled weights are to be trained, is not there/)
  expect(must(await readStartsFrom(experimentOf(), parent)())).toBeNull()
})

test('fields that came later are no part of an identity until they say something', () => {
  const data = { trainInputs: 'a', trainLabels: 'b', testInputs: 'c', testLabels: 'd' }
  const { frozenZeros: _a, shuffledFrom: _b, trainExamples: _c, ...before } = experimentOf()
  const bits = {}
  const now = identityOf({ experiment: experimentOf(), data, bits })
  expect(identityOf({ experiment: before as never, data, bits })).toBe(now)
  expect(identityOf({ experiment: experimentOf({ trainExamples: 7 }), data, bits })).not.toBe(now)
  expect(identityOf({ experiment: experimentOf({ shuffledFrom: 'c'.repeat(64) }), data, bits })).not.toBe(now)
})
