import { resolveExperiment } from '@laperm/train'
import { either as E } from 'fp-ts'
import { expect, test } from 'vitest'
import { makeRankingCost } from '../src/ranking-cost.ts'

/** What is told of 500 steps of 1 ms, apart from what ranks take. */
const toldOf = (every: { readonly kind: 'steps' | 'epochs'; readonly count: number }, rankingMs: number) => {
  const experiment = resolveExperiment({ model: 'mlp', rankingDistance: { parameters: ['dense1'], every } })
  if (E.isLeft(experiment)) throw new Error(JSON.stringify(experiment.left))
  const told: string[] = []
  let now = 0
  const cost = makeRankingCost(
    (line) => told.push(line),
    () => now,
  )
  for (let step = 1; step <= 500; step++) {
    now += 1
    cost({ kind: 'step', step, epoch: 1, loss: 1 }, experiment.right)
    if (step % every.count !== 0) continue
    now += rankingMs
    cost({ kind: 'rankingDistance', measured: [], elapsedMs: rankingMs }, experiment.right)
  }
  return told
}

test('ranks that cost half a step of every tenth are told once, with what would cost 2%', () => {
  // 0.5 ms in 10 steps of 1 ms are 5%; 2% are 0.5 ms in 25 steps.
  const told = toldOf({ kind: 'steps', count: 10 }, 0.5)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(/costs 4\.\d+% .* with --every 2[45]steps it is 2\.00%/)
})

test('ranks that cost less, and those of epochs, are not mentioned', () => {
  expect(toldOf({ kind: 'steps', count: 10 }, 0.1)).toEqual([])
  expect(toldOf({ kind: 'epochs', count: 1 }, 0.5)).toEqual([])
})
