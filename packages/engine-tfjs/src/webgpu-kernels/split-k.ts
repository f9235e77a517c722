/**
 * How the work of a matrix product with a long reduction is divided: tiles of the result, and chunks of the reduction ("split-K").
 *
 * The gradient of a small kernel has too few weights to fill a GPU with a thread each, and sums tens of thousands of products a weight:
 * so the places that are summed over are divided too, and a second program adds the partial sums.
 */

/** Places that a workgroup keeps in its memory at a time; chunks are multiples of it. */
export const depth = 16

/** Workgroups that fill a large GPU: 132 multiprocessors of an NVIDIA H200, eight each. */
const wantedWorkgroups = 1024

/** Fewer places a chunk cost more in partial sums than they gain in threads. */
const leastPlaces = 64

/** Partial sums that are written at most: 16 MiB of float32. */
const mostPartialSums = 2 ** 22

/** A matrix product `[rows, places] x [places, columns]` in parts. */
export interface SplitK {
  /** Size of a workgroup's tile of the result: 32 or 64 along each axis. */
  readonly tileRows: number
  readonly tileColumns: number
  /** Parts of the reduction; with one there are no partial sums. */
  readonly chunks: number
  /** Places of each chunk, a multiple of {@link depth}; the last chunk has what is left. */
  readonly chunkLength: number
}

const tileOf = (size: number): number => (size <= 32 ? 32 : 64)

/**
 * Divide the product: as many chunks as give about a thousand workgroups, but 64 places a chunk and 16 MiB of partial sums at most.
 *
 * A function of the sizes alone, never of the device or of a measurement: the order of the additions is the same in every run.
 *
 * @param rows of the result, at least 1.
 * @param columns of the result, at least 1.
 * @param places length of the reduction, at least 1.
 */
export const splitK = (rows: number, columns: number, places: number): SplitK => {
  const [tileRows, tileColumns] = [tileOf(rows), tileOf(columns)]
  const tiles = Math.ceil(rows / tileRows) * Math.ceil(columns / tileColumns)
  const most = Math.min(
    Math.ceil(wantedWorkgroups / tiles),
    Math.floor(places / leastPlaces),
    Math.floor(mostPartialSums / (rows * columns)),
  )
  const chunkLength = depth * Math.ceil(places / Math.max(1, most) / depth)
  return { tileRows, tileColumns, chunks: Math.ceil(places / chunkLength), chunkLength }
}
