/** Names of laws that a tester chose. */

/** @throws RangeError for a law that there is none of. */
export const requireLaws = (chosen: readonly string[], known: readonly string[]): void => {
  for (const name of chosen)
    if (!known.includes(name))
      throw new RangeError(`laws: there is no law '${name}'; there are: ${known.join('; ')}`)
}
