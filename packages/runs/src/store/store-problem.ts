/** What a store says, as an error of runs. */
import type { StoreUnavailable } from '@laperm/store'
import { type RunUnavailable, runUnavailable } from '../run-errors.ts'

export const storeProblem = ({ place, reason, remedy }: StoreUnavailable): RunUnavailable =>
  runUnavailable(place, reason, remedy)
