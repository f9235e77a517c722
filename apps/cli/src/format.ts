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

/** `3 s`, `12 min`, `5 h`, `2 d`: how long ago. A clock that was set back gives 0 s. */
export const formatAge = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min`
  return whole < 48 * 3600 ? `${Math.floor(whole / 3600)} h` : `${formatCount(Math.floor(whole / 86400))} d`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `512 B`, `1.3 MB`: in steps of 1000. */
export const formatBytes = (bytes: number): string => {
  const step = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${byteUnits[step]}`
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
