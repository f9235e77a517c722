/** What is worth saying while a run trains: for those who listen, and read no chart. */
import { contenderNames, contenderTitles } from '../settings/run-settings.ts'
import { countText, percentText } from './number-text.ts'
import type { RunHistory, Series } from './run-history.ts'

/** Accuracies of LaPerm that are announced when they are first reached. */
const marks = [0.5, 0.8, 0.9, 0.95, 0.98] as const

const atStep = ({ steps, values }: Series, step: number): number | undefined =>
  values[steps.findLastIndex((measured) => measured <= step)]

/** The last mark that LaPerm has reached, and where the others were then; empty before the first. The same until the next mark. */
export const milestoneText = ({ accuracies }: Pick<RunHistory, 'accuracies'>): string => {
  const { steps, values } = accuracies.laperm
  const reached = marks.flatMap((mark) => {
    const first = values.findIndex((value) => value >= mark)
    return first === -1 ? [] : [first]
  })
  const index = reached.at(-1)
  if (index === undefined) return ''
  const others = contenderNames.flatMap((name) => {
    const accuracy = name === 'laperm' ? undefined : atStep(accuracies[name], steps[index])
    return accuracy === undefined ? [] : [`${contenderTitles[name]} ${percentText(accuracy)}`]
  })
  return `Step ${countText(steps[index])}: LaPerm reads ${percentText(values[index])}${others.map((other) => `, ${other}`).join('')}.`
}
