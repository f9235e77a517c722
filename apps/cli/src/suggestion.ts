/** What somebody most likely meant by a flag or a command that there is none of. */
import { nearestName } from '@laperm/models'

const bare = (name: string): string => name.replace(/^--?(no-)?/, '')

/** `lr` for `--learning-rate`. */
const initials = (name: string): string =>
  bare(name)
    .split('-')
    .map((word) => word.slice(0, 1))
    .join('')

/** ` Did you mean '--seed'?`, or nothing where nothing is near. Initials count as near, so that `--lr` finds `--learning-rate`. */
export const suggestion = (typed: string, known: readonly string[]): string => {
  const abbreviated = known.find((name) => name.includes('-') && initials(name) === bare(typed))
  // Without the dashes, which every flag shares.
  const nearest = nearestName(bare(typed), known.map(bare))
  const meant = abbreviated ?? known.find((name) => bare(name) === nearest)
  return meant === undefined ? '' : ` Did you mean '${meant}'?`
}
