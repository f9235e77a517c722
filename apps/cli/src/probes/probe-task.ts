/** What a probe's process is asked to do and what it answers: plain data, sent between the two processes. */
import type { Found } from './find-here.ts'
import type { ProofOptions, ProofProgress, Verified } from './prove-here.ts'

export type ProbeTask =
  | { readonly kind: 'find'; readonly name: string }
  | ({ readonly kind: 'prove'; readonly name: string } & ProofOptions)

/** What each kind of task comes to. */
export interface ProbeResults {
  readonly find: Found
  readonly prove: Verified
}

export type ProbeMessage =
  | { readonly kind: 'progress'; readonly progress: ProofProgress }
  | { readonly kind: 'result'; readonly result: ProbeResults[ProbeTask['kind']] }
