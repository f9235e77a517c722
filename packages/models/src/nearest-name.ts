/** The known name that somebody most likely meant: of a network, a layer's kind, a setting, a command. */
import leven from 'leven'

/**
 * The known name with the smallest edit distance (Levenshtein's) to what was typed; ties go to the first.
 *
 * @param name what was typed; case is ignored.
 * @param known every name there is.
 * @returns null when nothing is near: the distance must be at most half the longer name's length.
 * Cost: a name more than twice as long as a known one is not compared with it, however long it is.
 * @example nearestName('conv-7', ['conv2', 'conv7']) // 'conv7'
 */
export const nearestName = (name: string, known: readonly string[]): string | null => {
  let nearest: string | null = null
  let smallest = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const limit = Math.max(name.length, candidate.length) / 2
    if (Math.abs(name.length - candidate.length) > limit) continue
    const distance = leven(name.toLowerCase(), candidate.toLowerCase())
    if (distance < smallest && distance <= limit) {
      nearest = candidate
      smallest = distance
    }
  }
  return nearest
}
