/** A link whose run is trained from its seed and then shown as a movie. */
import type { RunSettings } from '../settings/run-settings.ts'
import { linkHash } from '../settings/settings-text.ts'

const key = 'movie'

/** @param lastStep up to which the run is shown. */
export const movieHash = (settings: RunSettings, lastStep: number): string =>
  `${linkHash({ ...settings, steps: Math.max(1, lastStep) })}&${key}=1`

/** @returns the settings' part of an address, and whether it asks for the movie. */
export const readMovieLink = (hash: string): { readonly hash: string; readonly isMovie: boolean } => {
  const texts = new URLSearchParams(hash.replace(/^#/, ''))
  const isMovie = texts.get(key) === '1'
  if (isMovie) texts.delete(key)
  return { hash: `#${texts.toString()}`, isMovie }
}
