/** Keep things apart that would be drawn on top of each other: labels, marks. */

/**
 * Move labels along one axis until each has its room, as little as that takes.
 *
 * Labels keep their order; a group that must share a place is centred on the mean of the places its members wanted.
 *
 * @param wanted centres.
 * @param room distance between neighbouring centres.
 * @param min lowest centre. @param max highest centre.
 * @returns a centre for each, in the order of `wanted`.
 */
export const spreadLabels = (
  wanted: readonly number[],
  room: number,
  min: number,
  max: number,
): readonly number[] => {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b)
  interface Group {
    readonly members: readonly number[]
    readonly centre: number
  }
  const half = (group: Group): number => ((group.members.length - 1) * room) / 2
  const inside = (group: Group): Group => ({
    ...group,
    centre: Math.max(min + half(group), Math.min(max - half(group), group.centre)),
  })
  const mean = (members: readonly number[]): number =>
    members.reduce((sum, i) => sum + wanted[i], 0) / members.length
  const groups: Group[] = []
  for (const i of order) {
    let group = inside({ members: [i], centre: wanted[i] })
    for (let before = groups.at(-1); before !== undefined; before = groups.at(-1)) {
      if (group.centre - half(group) - (before.centre + half(before)) >= room) break
      groups.pop()
      const members: readonly number[] = [...before.members, ...group.members]
      group = inside({ members, centre: mean(members) })
    }
    groups.push(group)
  }
  const centres = new Array<number>(wanted.length)
  for (const group of groups)
    group.members.forEach((i, k) => {
      centres[i] = group.centre - half(group) + k * room
    })
  return centres
}

/**
 * Leave out marks that are too close to the last one kept. Marks that were kept stay kept when more are added behind them.
 *
 * @param positions ascending.
 */
export const thinMarks = (positions: readonly number[], room: number): readonly number[] => {
  const kept: number[] = []
  for (const position of positions)
    if (kept.length === 0 || position - kept[kept.length - 1] >= room) kept.push(position)
  return kept
}
