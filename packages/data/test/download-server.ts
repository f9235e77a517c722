/** A server of one test and the folder that it downloads into; each test of the importing file gets new ones. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect } from 'vitest'
import type { DataError } from '../src/data-error.ts'
import { DataProblem } from '../src/data-problem.ts'
import type { PublishedBytes } from '../src/datasets/dataset-descriptor.ts'
import { downloadFile } from '../src/download.ts'

export const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i + (i >> 8)) & 255))
export const published: PublishedBytes = {
  sizeBytes: content.length,
  algorithm: 'sha256',
  checksum: createHash('sha256').update(content).digest('hex'),
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void
let server: Server
export let base: string
export let folder: string
export let target: string
/** What was asked of the server: path and range, in order. */
export let asked: string[]
export let handlers: Record<string, Handler>

/** From which byte on the client wants the file. */
export const startOf = (request: IncomingMessage): number =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)

/** Send a beginning, and break the connection once it has been written down: what a client only holds in memory is lost with the connection. */
export const sendAndCut = async (response: ServerResponse, bytes: Buffer, written: number): Promise<void> => {
  response.write(bytes)
  const sizes = async (): Promise<readonly number[]> =>
    Promise.all(
      (await filesInCache())
        .filter((name) => name.endsWith('.part'))
        .map((name) => stat(join(folder, 'cache', name)).then(({ size }) => size)),
    )
  while (!response.destroyed && !(await sizes().catch((): readonly number[] => [])).includes(written))
    await setTimeout(5)
  response.destroy()
}

/** Answer as servers with ranges do; `cutAfter` bytes the connection breaks. */
export const serve =
  (bytes: Buffer, cutAfter = Number.POSITIVE_INFINITY): Handler =>
  (request, response) => {
    const start = startOf(request)
    const body = bytes.subarray(start)
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    if (cutAfter >= body.length) response.end(body)
    else void sendAndCut(response, body.subarray(0, cutAfter), start + cutAfter)
  }

beforeEach(async () => {
  asked = []
  handlers = {}
  server = createServer((request, response) => {
    asked.push(`${request.url}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`)
    const handler = handlers[request.url ?? '']
    if (handler === undefined) response.writeHead(404).end('not here')
    else handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  folder = await mkdtemp(join(tmpdir(), 'laperm-download-'))
  target = join(folder, 'cache', 'file.gz')
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

export const download = (
  paths: readonly string[],
  options: Partial<Parameters<typeof downloadFile>[0]> = {},
) => downloadFile({ urls: paths.map((path) => `${base}${path}`), target, published, ...options })
export const problemOf = async (run: Promise<unknown>): Promise<DataError> => {
  try {
    await run
  } catch (error) {
    if (error instanceof DataProblem) return error.problem
    throw error
  }
  throw new Error('nothing was thrown')
}
export const filesInCache = (): Promise<string[]> => readdir(join(folder, 'cache'))
export const expectWhole = async (): Promise<void> => {
  expect(Buffer.compare(await readFile(target), content)).toBe(0)
  expect(await filesInCache()).toEqual(['file.gz'])
}
