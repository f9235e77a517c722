/** A thread that reads HDF5, asked one thing after another: it is ended when it does not come back, and what it is asked then is refused. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { FileRefusal, refuseFile } from '../refusal.ts'
import type { H5Reply, H5Request } from './h5-messages.ts'
import type { Lender } from './lent-source.ts'

/** What JavaScript may take in the thread, apart from arrays of numbers. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 }

/** What a question is answered by. */
export type H5Answer = Exclude<H5Reply, { readonly kind: 'ready' | 'wish' | 'refused' | 'thrown' }>

/** A running thread. */
export interface H5Thread {
  /**
   * Ask it, when it has answered what it was asked before.
   *
   * @param lender of the file that is asked about.
   * @throws FileRefusal where the file is damaged, the thread does not come back in time, or has ended.
   */
  readonly ask: (request: H5Request, lender: Lender, mostMs: number) => Promise<H5Answer>
  readonly hasEnded: () => boolean
  readonly end: () => Promise<void>
}

/** Own address; undefined in a bundle to CommonJS. */
const ownAddress = (): string | undefined => import.meta.url

/** The folder of this package, where none is given: that of this module, sources or compiled. */
const ownFolder = (given: string | undefined): string | undefined => {
  if (given !== undefined) return resolve(given)
  const address = ownAddress()
  return address && fileURLToPath(new URL('../..', address))
}

/**
 * The thread's program. Plain Node cannot run TypeScript: from the sources (tests) the built file is used.
 *
 * @param path of the file that is to be read.
 * @throws FileRefusal that says what to do where the package was bundled.
 */
const threadProgram = (path: string, packageFolder: string | undefined): string => {
  const folder = ownFolder(packageFolder)
  const file = folder && join(folder, 'dist', 'node', 'h5-worker.js')
  if (file && existsSync(file)) return file
  return refuseFile(
    path,
    `h5-worker.js of @laperm/formats, to read HDF5, at ${file ?? 'the address of the program, which does not know it'}`,
    'none, as in a bundle',
    'Leave @laperm/formats and h5wasm external when you bundle, say where the package is installed: makeH5Host({ packageFolder }), or read HDF5 on this thread: readTensors(source).',
  )
}

/**
 * Start a thread. It keeps no process alive while it is asked nothing.
 *
 * @param path of the file that is to be read.
 * @param packageFolder where `@laperm/formats` is installed, in place of the folder that this module is in.
 * @throws FileRefusal where its program is not there.
 */
export const startH5Thread = (path: string, packageFolder?: string): H5Thread => {
  // The parent's flags (a test runner's import conditions) are not the thread's; what a crashing library prints is no message of ours.
  const worker = new Worker(threadProgram(path, packageFolder), {
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits,
  })
  worker.stdout.resume()
  worker.stderr.resume()
  let death: string | null = null
  let onReply = (_: H5Reply): void => undefined
  let onDeath = (_: string): void => undefined
  const die = (cause: string): void => {
    death ??= cause
    onDeath(death)
  }
  let isReady = false
  worker.on('message', (reply: H5Reply) => {
    isReady = true
    onReply(reply)
  })
  worker.on('messageerror', (error) => die(error.message))
  worker.on('error', (error: Error) => die(error.message))
  worker.on('exit', (code) => die(`it exited with code ${code}`))
  worker.unref()

  const answerTo = async (request: H5Request, lender: Lender, mostMs: number): Promise<H5Answer> => {
    const { path } = lender.lent
    const refuseDead = (cause: string): never => refuseFile(path, 'HDF5 that libhdf5 can read', cause)
    if (death !== null) return refuseDead(death)
    worker.ref()
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      const reply = await new Promise<Exclude<H5Reply, { readonly kind: 'ready' | 'wish' }>>(
        (resolve, reject) => {
          onDeath = (cause) => {
            try {
              refuseDead(cause)
            } catch (error) {
              reject(error)
            }
          }
          const begin = (): void => {
            timer = setTimeout(
              () => die(`a damaged file, which libhdf5 had not read after ${mostMs / 1000} seconds`),
              mostMs,
            )
          }
          onReply = (got) => {
            if (got.kind === 'ready') begin()
            else if (got.kind === 'wish') void lender.answer(got.wish)
            else resolve(got)
          }
          worker.postMessage(request)
          if (isReady) begin()
        },
      )
      // The source's own words, where it was the source that failed.
      if (reply.kind === 'refused') {
        if (reply.isBroken) death = 'libhdf5 has stopped in it: it is damaged'
        throw lender.failure() ?? new FileRefusal(reply.corrupt)
      }
      if (reply.kind === 'thrown') throw new Error(reply.message)
      return reply
    } finally {
      clearTimeout(timer)
      onReply = () => undefined
      onDeath = () => undefined
      worker.unref()
      if (death !== null) void worker.terminate()
    }
  }
  let before: Promise<unknown> = Promise.resolve()
  return {
    ask: (request, lender, mostMs) => {
      const answer = before.then(() => answerTo(request, lender, mostMs))
      before = answer.catch(() => undefined)
      return answer
    },
    hasEnded: () => death !== null,
    end: async () => {
      await worker.terminate()
    },
  }
}
