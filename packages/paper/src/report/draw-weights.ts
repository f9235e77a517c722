/** Figures that show weights: profiles of sorted vectors, and one vector before and after it was reconnected. */
import { profileCurves, profileLayer } from '@laperm/analysis'
import {
  type Parameter,
  type Params,
  permutationBetween,
  type WeightVectors,
  weightVectorsSize,
} from '@laperm/core'
import { profilePanels, reconnectionFigure, renderSvg } from '@laperm/figures'
import { openRun, readWeights } from '@laperm/runs'
import { makeInitialParams } from '@laperm/train'
import { either as E } from 'fp-ts'
import type { RunResult } from '../figure-results.ts'

/** Best weights of the first of these runs that has finished; null where none has. */
const weightsOf = async (runs: readonly RunResult[]): Promise<readonly [RunResult, Params] | null> => {
  const run = runs.find(({ status }) => status === 'finished')
  if (run === undefined || run.path === null) return null
  const opened = await openRun(run.path)()
  if (E.isLeft(opened)) return null
  const weights = await readWeights(opened.right, 'best')()
  return E.isLeft(weights) ? null : [run, weights.right]
}

const vectorsOf = ({ values, shape }: Parameter) => ({ values, ...weightVectorsSize(shape) })

/** Figure 2 of a run's kernels. */
export const drawProfiles = async (title: string, runs: readonly RunResult[]): Promise<string | null> => {
  const found = await weightsOf(runs)
  if (found === null) return null
  const kernels = found[1].filter(({ role }) => role === 'kernel')
  const panels = kernels.map((kernel) => {
    const w = vectorsOf(kernel)
    return { layer: profileLayer(kernel.name, w), curves: profileCurves(w) }
  })
  return renderSvg(profilePanels(title, panels))
}

/** The first weight vector alone. */
const firstVector = (parameter: Parameter): WeightVectors => {
  const { values, length, count } = vectorsOf(parameter)
  return { values: Float32Array.from({ length }, (_, i) => values[i * count]), length, count: 1 }
}

/** Figure 4 of the first vector of a run's first kernel. */
export const drawReconnection = async (title: string, runs: readonly RunResult[]): Promise<string | null> => {
  const found = await weightsOf(runs)
  if (found === null || found[0].experiment === null) return null
  const initial = makeInitialParams(found[0].experiment)
  if (E.isLeft(initial)) return null
  const isKernel = ({ role }: Parameter): boolean => role === 'kernel'
  const before = initial.right.find(isKernel)
  const after = found[1].find(isKernel)
  if (before === undefined || after === undefined) return null
  const [first, last] = [firstVector(before), firstVector(after)]
  const permutation = permutationBetween(first, last)
  if (E.isLeft(permutation)) return null
  const { sources } = permutation.right
  return renderSvg(reconnectionFigure({ name: title, before: first.values, after: last.values, sources }))
}
