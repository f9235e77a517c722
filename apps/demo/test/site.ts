/** The built page on a static host, below a sub-path, as a visitor gets it. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

export interface Site {
  readonly url: string
  /** Every file that was asked for, in order. */
  readonly asked: readonly string[]
  readonly close: () => Promise<void>
}

/** With these a page is cross-origin isolated. */
export const isolationHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
} as const

/** Serve a folder below `/some/where/`. */
export const serveSite = async (
  folder: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Site> => {
  const prefix = '/some/where/'
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    const path = new URL(url, 'http://localhost').pathname
    const file = normalize(path === prefix ? 'index.html' : path.slice(prefix.length))
    asked.push(file)
    try {
      if (!path.startsWith(prefix) || file.startsWith('..')) throw new Error('outside')
      const content = readFileSync(join(folder, file))
      response
        .writeHead(200, { ...headers, 'content-type': types[extname(file)] ?? 'application/octet-stream' })
        .end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}${prefix}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
