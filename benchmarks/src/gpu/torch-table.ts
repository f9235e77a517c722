/** The table of WebGPU beside PyTorch: who ran where, and nothing that ran on a CPU under a GPU's name. */
import { renderRatio } from '../harness/report.ts'
import { pairedRatio, type Spread } from '../harness/statistics.ts'

/** Where something ran. */
export interface Place {
  /** What the driver or the framework calls it. */
  readonly device: string
  readonly onGpu: boolean
}

/** The device of WebGPU; a software renderer says that it is one, whatever name its driver has. */
export const webGpuPlace = (description: string, isSoftware: boolean): Place => ({
  device: isSoftware ? `the CPU, by the software renderer ${description}` : description,
  onGpu: !isSoftware,
})

/** One line of the table before it is text. */
export interface Measured {
  readonly who: string
  readonly place: Place
  readonly isOurs: boolean
  readonly time: Spread
  /** A plain copy of the same bytes on the same device, where that is a comparison. */
  readonly copy?: Spread
}

/** Names of the columns. */
export const header = [
  'what',
  'who',
  'device',
  'ms, median (quartiles)',
  'ratio to the fastest of ours',
  "share of a plain copy's bandwidth there",
] as const

const render = ({ median, low, high }: Spread): string =>
  `${median.toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`

const renderShare = (share: number): string =>
  `${share < 0.1 ? (100 * share).toPrecision(2) : (100 * share).toFixed(0)}%`

/** Rows of one comparison. Ratios are of turns of the same round. */
export const rowsOf = (what: string, measured: readonly Measured[]): readonly (readonly string[])[] => {
  const ours = measured.filter(({ isOurs }) => isOurs)
  const fastest = ours.reduce((best, each) => (each.time.median < best.time.median ? each : best))
  return measured.map(({ who, place, time, copy }) => [
    what,
    who,
    place.device,
    render(time),
    renderRatio(pairedRatio(time, fastest.time).median),
    copy === undefined ? '' : renderShare(pairedRatio(copy, time).median),
  ])
}

const kindOf = (place: Place): string => (place.onGpu ? 'a GPU' : 'the CPU')

/** The title, which says of both sides whether a GPU was measured. */
export const titleOf = (ours: Place, torch: Place | undefined): string =>
  `WebGPU under Node on ${kindOf(ours)}${torch === undefined ? '' : `, PyTorch on ${kindOf(torch)}`}`

/** What must not be concluded from the table. */
export const warningsOf = (ours: Place, torch: Place | undefined): readonly string[] => [
  ...(ours.onGpu
    ? []
    : [
        '**WebGPU found no GPU: a software renderer ran it on the CPU. These times say nothing of any GPU.**',
      ]),
  ...(torch === undefined || torch.onGpu ? [] : ['PyTorch found no CUDA device and ran on the CPU.']),
  ...(torch === undefined || torch.onGpu === ours.onGpu
    ? []
    : ['**The two ran on different kinds of device: ratios between them compare devices, not programs.**']),
]

/** Bytes that a copy of so many float32 weights reads and writes, by its time, in GB/s. */
export const renderBandwidth = (who: string, place: Place, weights: number, copy: Spread): string =>
  `A plain copy of the same bytes by ${who} moves ${((8 * weights) / copy.median / 1e6).toFixed(1)} GB/s (read and written) on ${place.device}.`
