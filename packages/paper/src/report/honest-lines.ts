/** What a reader must know before he believes a figure: in what it is not the paper's, and which of its runs are lacking. */
import type { FigureResults, ResultStatus } from '../figure-results.ts'

const words: Readonly<Record<Exclude<ResultStatus, 'finished'>, string>> = {
  diverged: 'diverged and are drawn as far as they came',
  failed: 'failed and are left out',
  unfinished: 'have not ended and are left out',
  missing: 'are not there',
}

/** Sentences, the most important first; none where the figure is whole and the paper's own. */
export const honestLines = ({ figure, record, runs }: FigureResults): readonly string[] => {
  const count = (status: ResultStatus): number => runs.filter((run) => run.status === status).length
  const lacking = (['failed', 'missing', 'unfinished', 'diverged'] as const).flatMap((status) =>
    count(status) === 0 ? [] : [`${count(status)} of ${runs.length} runs ${words[status]}.`],
  )
  const measured = count('finished') + count('diverged')
  const half =
    measured * 2 <= runs.length
      ? [`Only ${measured} of ${runs.length} runs count: what is drawn is less than half of the figure.`]
      : []
  return [...half, ...lacking, ...(figure?.scales[record.scale].differs ?? [])]
}
