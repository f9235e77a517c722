/**
 * HDF5 files of strangers, read by libhdf5 in a thread of its own. Damage can make the library loop for ever, take all memory or break: then the thread is ended, the
 * file is refused in words, and the next file gets another thread.
 */
import { attemptFile } from '../refusal.ts'
import type { OpenH5 } from '../weight-file.ts'
import type { H5Request } from './h5-messages.ts'
import { type H5Answer, type H5Thread, startH5Thread } from './h5-thread.ts'
import { lendSource } from './lent-source.ts'

/** How long one question may take, from the size of the file: far longer than a slow disk needs. */
const patienceMs = (sizeBytes: number): number => 15_000 + sizeBytes / 1000
/** What libhdf5 may take: itself, a compressed piece of the file and what it inflates to. */
const memoryBytes = (sizeBytes: number): number => 2 ** 28 + 3 * sizeBytes

/** What is not as usual. */
export interface H5HostOptions {
  /** Milliseconds that opening a file, and reading a tensor, may take. */
  readonly patienceMs?: (sizeBytes: number) => number
  /** Path of the folder in which `@laperm/formats` is installed, for a program that is a bundle: there it does not find its thread by itself. */
  readonly packageFolder?: string
}

/** Reads HDF5 in threads. Whoever made it closes it, after the files. */
export interface H5Host {
  /** For `readTensors` of `@laperm/formats`. @throws FileRefusal */
  readonly openH5: OpenH5
  /** Ends the threads. Files that are open cannot be read any more. */
  readonly close: () => Promise<void>
}

/** Make a host. A thread starts with the first file, and serves the files after it, one at a time. */
export const makeH5Host = (options: H5HostOptions = {}): H5Host => {
  const patience = options.patienceMs ?? patienceMs
  let idle: H5Thread | null = null
  const threads = new Set<H5Thread>()
  const take = (path: string): H5Thread => {
    const thread = idle === null || idle.hasEnded() ? startH5Thread(path, options.packageFolder) : idle
    idle = null
    threads.add(thread)
    return thread
  }
  const end = async (thread: H5Thread): Promise<void> => {
    threads.delete(thread)
    await thread.end()
  }
  /** A thread that is whole may read another file. */
  const giveBack = (thread: H5Thread): void => {
    if (idle === null && !thread.hasEnded()) idle = thread
    else void end(thread)
  }
  return {
    openH5: async (source) => {
      const lender = lendSource(source)
      const mostMs = patience(source.sizeBytes)
      const thread = take(source.path)
      const ask = async <Kind extends H5Answer['kind']>(
        kind: Kind,
        request: H5Request,
      ): Promise<Extract<H5Answer, { readonly kind: Kind }>> => {
        const answer = await thread.ask(request, lender, mostMs)
        if (answer.kind !== kind) throw new TypeError(`the thread answered '${answer.kind}'`)
        return answer as Extract<H5Answer, { readonly kind: Kind }>
      }
      const { lent } = lender
      const index = await ask('opened', {
        kind: 'open',
        lent,
        mostMemoryBytes: memoryBytes(source.sizeBytes),
      }).then(
        (answer) => answer.index,
        (error: unknown) => {
          giveBack(thread)
          throw error
        },
      )
      return {
        ...index,
        metadata: Object.assign(Object.create(null), index.metadata),
        tensors: index.tensors.map((tensor, i) => ({
          ...tensor,
          read: attemptFile(async () => (await ask('values', { kind: 'read', tensor: i })).values),
        })),
        close: () => {
          void ask('closed', { kind: 'close' }).then(
            () => giveBack(thread),
            () => end(thread),
          )
        },
      }
    },
    close: async () => {
      for (const thread of threads) await end(thread)
    },
  }
}
