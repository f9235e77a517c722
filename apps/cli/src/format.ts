/** Numbers as people read them. */

export const formatCount = (count: number): string => count.toLocaleString('en-US')

/** `98.66%`; a dash for what was not measured. */
export const formatShare = (share: number | null): string =>
  share === null ? '-' : `${(share * 100).toFixed(2)}%`

/** `3.2 s`, `4 min 05 s`, `1 h 02 min`. */
export const formatSeconds = (seconds: number): string => {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
    : `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}

/** `1 synchronization`, `2 synchronizations`. */
export const plural = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`

/** `-`, `20`, or `20, from step 5001 on 1000`. */
export const formatSyncPeriod = (
  period: number | readonly { readonly fromStep: number; readonly period: number }[] | null,
): string => {
  if (period === null) return '-'
  if (typeof period === 'number') return String(period)
  return period
    .map(({ fromStep, period: k }) => (fromStep === 1 ? String(k) : `from step ${fromStep} on ${k}`))
    .join(', ')
}
