/** The training worker as the page holds it: replaced where it died, and given the visitor's files again. */
import { array as A, either as E } from 'fp-ts'
import type { TrainingEvent } from '../messages/events.ts'
import type { PostedRequest } from '../messages/requests.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { writeSettings } from '../settings/settings-text.ts'
import { readGiven } from './read-given.ts'
import { linkWorker } from './worker-link.ts'

/** What the page does when something comes from the worker, or nothing can come any more. */
export interface TrainerListener {
  readonly onEvent: (event: TrainingEvent) => void
  /** The worker has ended, with every network in it. */
  readonly onDeath: (reason: string) => void
  /** There is another worker, which knows of no run. */
  readonly onRevived: () => void
  /** Data files that could not be read, in words. */
  readonly onUnreadableData: (problems: string) => void
  readonly onUnreadableNetwork: (problem: string) => void
}

export interface TrainerLink {
  readonly ask: (request: PostedRequest, transfer?: Transferable[]) => void
  readonly isDead: () => boolean
  /** Another worker in place of one that is dead or whose device is gone. */
  readonly revive: () => Promise<void>
  /** Data files beside those that were given before; one of the same name takes its place. */
  readonly giveData: (files: readonly File[]) => Promise<void>
  readonly giveNetwork: (file: File, settings: RunSettings) => Promise<void>
}

/** Whether the worker has shown what it was started for, or has nothing to do. */
const isSettled = (event: TrainingEvent): boolean =>
  (event.kind === 'snapshot' && event.snapshot.step > 0) ||
  (event.kind === 'state' && (event.state === 'idle' || event.state === 'paused'))

export const makeTrainerLink = (listener: TrainerListener): TrainerLink => {
  let dataFiles: readonly File[] = []
  let isDead = false
  let isProbed = false
  const onEvent = (event: TrainingEvent): void => {
    listener.onEvent(event)
    // To look for GPUs takes longer than many steps: it waits until the first pictures are there.
    if (isProbed || !isSettled(event)) return
    isProbed = true
    link.ask({ kind: 'probe' })
  }
  const link = linkWorker(onEvent, (reason) => {
    isDead = true
    listener.onDeath(reason)
  })
  const send = async (files: readonly File[]): Promise<void> => {
    const { left: problems, right: given } = A.separate(
      await Promise.all(files.map((file) => readGiven(file, 'data'))),
    )
    if (problems.length > 0) listener.onUnreadableData(problems.join(' '))
    // Of what cannot be read no other worker needs to hear again.
    dataFiles = dataFiles.filter(
      (file) => !files.includes(file) || given.some(({ name }) => name === file.name),
    )
    if (given.length > 0)
      link.ask(
        { kind: 'files', files: given },
        given.map(({ bytes }) => bytes.buffer),
      )
  }
  const revive = async (): Promise<void> => {
    isDead = false
    link.restart()
    isProbed = false
    listener.onRevived()
    if (dataFiles.length > 0) await send(dataFiles)
  }
  return {
    ask: link.ask,
    isDead: () => isDead,
    revive,
    giveData: async (files) => {
      dataFiles = [...dataFiles.filter(({ name }) => !files.some((file) => file.name === name)), ...files]
      await (isDead ? revive() : send(files))
    },
    giveNetwork: async (file, settings) => {
      if (isDead) await revive()
      const given = await readGiven(file, 'network')
      if (E.isLeft(given)) return listener.onUnreadableNetwork(given.left)
      link.ask({ kind: 'load', file: given.right, settings: writeSettings(settings) }, [
        given.right.bytes.buffer,
      ])
    },
  }
}
