/** Every synchronization of a run, kept so that the training can be looked at again; in bounded memory. */
import type { ParameterRole, Params } from '@laperm/core'
import { type CodedFrame, frameSize, makeFrameCoder } from './frame-coder.ts'

/** LaPerm's weights at a synchronization. */
export interface Moment {
  readonly step: number
  readonly params: Params
}

export interface Reel {
  /** Keep a synchronization; steps ascend. */
  readonly add: (step: number, params: Params) => void
  /** The last one that was kept at a step or before it; theta_0 where there is none. */
  readonly at: (step: number) => Moment
  /** 1 where every synchronization is kept, 2 where every second one is, and so on. */
  readonly every: () => number
}

interface Frame {
  readonly step: number
  readonly coded: CodedFrame
}

/** What a page may keep of a run: some hundred synchronizations of F2, tens of thousands of F1. */
const mostBytes = 96 * 2 ** 20

/**
 * A reel that begins with theta_0.
 *
 * Where the frames fill their memory, every second one is given up, and from then on only every second one is kept. The latest is always there.
 */
export const makeReel = (initial: Params, roles: readonly ParameterRole[], most = mostBytes): Reel => {
  const coder = makeFrameCoder(initial, roles)
  let frames: Frame[] = [{ step: 0, coded: coder.encode(initial) }]
  let latest = frames[0]
  let bytes = frameSize(latest.coded)
  let every = 1
  let added = 0

  const thin = (): void => {
    every *= 2
    frames = frames.filter((_, i) => i % 2 === 0)
    bytes = frames.reduce((sum, { coded }) => sum + frameSize(coded), 0)
  }
  return {
    add: (step, params) => {
      added++
      latest = { step, coded: coder.encode(params) }
      if (added % every !== 0) return
      frames.push(latest)
      bytes += frameSize(latest.coded)
      while (bytes > most && frames.length > 2) thin()
    },
    at: (step) => {
      const found =
        step >= latest.step ? latest : (frames.findLast((frame) => frame.step <= step) ?? frames[0])
      return { step: found.step, params: coder.decode(found.coded) }
    },
    every: () => every,
  }
}
