/** Prove a queue: the laws one after the other, each on a queue of its own, and a report as plain data. */

import { foreignJobLaw, foreignJobName } from './foreign-job-law.ts'
import { queueLaws } from './queue-laws.ts'
import { parseLawJob, type QueueSubject } from './queue-subject.ts'

/** Name of a law. */
export type QueueLawName = keyof typeof queueLaws | typeof foreignJobName

/** Names of the laws, in the order in which they are reported. */
export const queueLawNames: readonly QueueLawName[] = [
  ...(Object.keys(queueLaws) as (keyof typeof queueLaws)[]),
  foreignJobName,
]

/** How one law fared; `failure` says what was wrong. */
export interface QueueLawReport {
  readonly name: QueueLawName
  readonly passed: boolean
  readonly failure?: string
}

/** The outcome of a run, as plain data. */
export interface QueueReport {
  readonly queue: string
  readonly passed: boolean
  readonly laws: readonly QueueLawReport[]
  /** Laws that the queue has no store for. */
  readonly leftOut: readonly QueueLawName[]
}

const defaultLawLeaseMs = 300
/** No law takes nearly as long, in leases: a queue that does not answer breaks it. */
const longestLaw = 60

/** The same, or an error when it takes too long. */
const inTime = async (law: Promise<void>, leaseMs: number): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the queue did not answer within ${longestLaw} leases`)),
      longestLaw * leaseMs,
    )
  })
  try {
    await Promise.race([law, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Check a queue by every law. Leases run out for real: it takes some dozens of them.
 *
 * @returns a report; never rejects for what the queue does.
 * @example console.log(renderQueueReport(await checkQueue({ name: 'local', make })))
 */
export const checkQueue = async ({
  name,
  make,
  leaseMs = defaultLawLeaseMs,
}: QueueSubject): Promise<QueueReport> => {
  const laws: QueueLawReport[] = []
  const leftOut: QueueLawName[] = []
  for (const law of queueLawNames) {
    const shared = await make({ parseJob: parseLawJob, leaseMs })
    try {
      const { store } = shared
      if (law === foreignJobName && store === undefined) {
        leftOut.push(law)
        continue
      }
      const context = { shared, one: await shared.open(), other: await shared.open(), leaseMs }
      await inTime(law === foreignJobName ? foreignJobLaw(context) : queueLaws[law](context), leaseMs)
      laws.push({ name: law, passed: true })
    } catch (error) {
      laws.push({
        name: law,
        passed: false,
        failure: error instanceof Error ? error.message : String(error),
      })
    } finally {
      await shared.remove()
    }
  }
  return { queue: name, passed: laws.every(({ passed }) => passed), laws, leftOut }
}

/** A report as lines of text: the verdict, and a line a law. */
export const renderQueueReport = ({ queue, passed, laws, leftOut }: QueueReport): string =>
  [
    `Queue ${queue} ${passed ? 'keeps' : 'does NOT keep'} the laws of queues.`,
    ...laws.map(({ name, failure }) =>
      failure === undefined ? `+ holds    ${name}` : `x FAILED   ${name}: ${failure}`,
    ),
    ...leftOut.map((name) => `- left out ${name}: this queue has no store that others write into`),
  ].join('\n')
