/** Numbers as the page writes them. */

export const countText = (count: number): string => count.toLocaleString('en')

/** A share as per cent, one decimal. */
export const percentText = (share: number): string => `${(100 * share).toFixed(1)}%`

export const lossText = (loss: number): string => loss.toFixed(4)

/** Milliseconds with three significant digits. */
export const msText = (ms: number): string =>
  ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(ms >= 1 ? 2 : 3)
