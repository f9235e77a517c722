/** How many workers fit into the machine's memory: known only when one has taken a step. */

/** What is known of workers so far. */
export interface WorkerRoom {
  /** Workers that were let in and have not taken a step yet: their memory is not seen in what the system has left. */
  starting: number
  /** Resident memory of the largest after a step; null before the first. */
  memoryBytes: number | null
  /** Tells when more is known. */
  readonly changed: EventTarget
}

/** Make the room of a sweep. */
export const makeRoom = (): WorkerRoom => ({ starting: 0, memoryBytes: null, changed: new EventTarget() })

/** Of the memory that is free some is left to others. */
const usedShare = 0.8

/** Wait until one more worker fits, or it is over. What is free the system says: others use memory too. */
export const waitForRoom = (room: WorkerRoom, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      const { memoryBytes, starting } = room
      const fits =
        memoryBytes !== null && memoryBytes * (starting + 1) < usedShare * process.availableMemory()
      if (!fits && !over.aborted) return
      room.changed.removeEventListener('changed', look)
      over.removeEventListener('abort', look)
      room.starting++
      resolve()
    }
    room.changed.addEventListener('changed', look)
    over.addEventListener('abort', look)
    look()
  })

/** A worker has taken a step, or none will come. */
export const hasStarted = (room: WorkerRoom): void => {
  room.starting--
  room.changed.dispatchEvent(new Event('changed'))
}

/** What a worker says of its memory after a step. */
export const reportMemory = (room: WorkerRoom, memoryBytes: number): void => {
  room.memoryBytes = Math.max(memoryBytes, room.memoryBytes ?? 0)
  room.changed.dispatchEvent(new Event('changed'))
}
