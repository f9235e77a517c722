import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type DownloadProgress, downloadFile } from '../src/download.ts'
import {
  asked,
  base,
  content,
  download,
  expectWhole,
  filesInCache,
  folder,
  type Handler,
  handlers,
  problemOf,
  published,
  sendAndCut,
  serve,
  startOf,
  target,
} from './download-server.ts'

describe('downloadFile', () => {
  it('writes the verified file, makes its folder and reports progress up to the whole', async () => {
    handlers['/a'] = serve(content)
    const progress: DownloadProgress[] = []
    await download(['/a'], { onProgress: (p) => progress.push(p) })
    await expectWhole()
    expect(progress.at(-1)).toEqual({ file: 'file.gz', receivedBytes: 300_000, totalBytes: 300_000 })
    const received = progress.map(({ receivedBytes }) => receivedBytes)
    expect(received).toEqual([...received].sort((a, b) => a - b))
  })

  it('takes up a cut connection where it broke', async () => {
    let connections = 0
    handlers['/a'] = (request, response) =>
      serve(content, connections++ === 0 ? 100_000 : Number.POSITIVE_INFINITY)(request, response)
    await download(['/a'])
    await expectWhole()
    expect(asked).toEqual(['/a', '/a bytes=100000-'])
  })

  it('goes on at the next mirror with the bytes that the first had sent', async () => {
    handlers['/a'] = (request, response) =>
      startOf(request) === 0 ? serve(content, 50_000)(request, response) : response.destroy()
    handlers['/b'] = serve(content)
    await download(['/a', '/b'])
    await expectWhole()
    expect(asked).toEqual(['/a', '/a bytes=50000-', '/b bytes=50000-'])
  })

  it('starts over when the server knows no ranges', async () => {
    let connections = 0
    handlers['/a'] = (_, response) => {
      response.writeHead(200, { 'content-length': content.length })
      if (connections++ > 0) response.end(content)
      else void sendAndCut(response, content.subarray(0, 70_000), 70_000)
    }
    await download(['/a'])
    await expectWhole()
    expect(asked).toEqual(['/a', '/a bytes=70000-'])
  })

  describe('with a leftover ends with the file, whatever a server answers to a range:', () => {
    const half = 150_000
    const rest = (
      response: ServerResponse,
      status: number,
      from: number,
      headers: Record<string, string>,
    ): void => {
      response.writeHead(status, headers)
      response.end(content.subarray(from))
    }
    const range = (from: number) => ({
      'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
    })
    it.each<[string, Handler, 'resumes' | 'starts over']>([
      [
        '200 with Content-Range and only the rest',
        (_, response) => rest(response, 200, half, range(half)),
        'resumes',
      ],
      ['206 from an earlier byte', (_, response) => rest(response, 206, 65_536, range(65_536)), 'resumes'],
      ['206 from the first byte', (_, response) => rest(response, 206, 0, range(0)), 'resumes'],
      [
        '206 from a later byte',
        (_, response) => rest(response, 206, half + 1, range(half + 1)),
        'starts over',
      ],
      ['206 without Content-Range', (_, response) => rest(response, 206, half, {}), 'starts over'],
      [
        '206 with a Content-Range that is none',
        (_, response) => rest(response, 206, half, { 'content-range': 'x' }),
        'starts over',
      ],
      ['416', (_, response) => response.writeHead(416).end(), 'starts over'],
      ['400', (_, response) => response.writeHead(400).end(), 'starts over'],
    ])('%s', async (_what, answer, how) => {
      handlers['/a'] = (request, response) =>
        (request.headers.range === undefined ? serve(content) : answer)(request, response)
      await mkdir(join(folder, 'cache'))
      await writeFile(`${target}.part`, content.subarray(0, half))
      await download(['/a'])
      await expectWhole()
      expect(asked).toEqual([`/a bytes=${half}-`, ...(how === 'resumes' ? [] : ['/a'])])
    })
  })

  it('cuts a mirror that dribbles, though it is never silent', async () => {
    let dribble: NodeJS.Timeout | undefined
    handlers['/a'] = (_, response) => {
      response.writeHead(200, { 'content-length': content.length })
      dribble = setInterval(() => response.write('x'), 10)
    }
    handlers['/b'] = serve(content)
    await download(['/a', '/b'], { rateWindowMs: 200, leastBytesPerSecond: 10_000 })
    clearInterval(dribble)
    await expectWhole()
    expect(asked).toContain('/b')
  })

  it('keeps aside what stood under the name, file or folder, and says where', async () => {
    handlers['/a'] = serve(content)
    await mkdir(join(folder, 'cache'))
    await writeFile(target, 'my own')
    expect(await download(['/a'])).toBe(`${target}.foreign`)
    expect(await readFile(`${target}.foreign`, 'utf8')).toBe('my own')
    expect(await download(['/a'])).toBeUndefined()
    await rm(target)
    await mkdir(target)
    expect(await download(['/a'])).toBe(`${target}.foreign-2`)
    expect(Buffer.compare(await readFile(target), content)).toBe(0)
  })

  it('leaves a folder alone that has the name of a leftover', async () => {
    handlers['/a'] = serve(content)
    await mkdir(`${target}.part`, { recursive: true })
    await download(['/a'])
    expect((await filesInCache()).sort()).toEqual(['file.gz', 'file.gz.part'])
  })

  it('asks the next mirror after a 404 and after a refused connection', async () => {
    handlers['/b'] = serve(content)
    await downloadFile({
      urls: ['http://127.0.0.1:1/a', `${base}/missing`, `${base}/b`],
      target,
      published,
    })
    await expectWhole()
    expect(asked).toEqual(['/missing', '/b'])
  })

  it('names every mirror and its reason when all fail, and leaves nothing behind', async () => {
    handlers['/b'] = (_, response) => response.writeHead(503, 'Busy').end()
    expect(await problemOf(download(['/a', '/b']))).toEqual({
      _tag: 'DownloadFailed',
      file: target,
      attempts: [
        { url: `${base}/a`, reason: 'HTTP 404 Not Found' },
        { url: `${base}/b`, reason: 'HTTP 503 Busy' },
      ],
    })
    expect(await filesInCache()).toEqual([])
  })

  it('refuses other bytes of the same length, says so, and leaves nothing behind', async () => {
    const other = Buffer.from(content)
    other[299_999] ^= 1
    handlers['/a'] = serve(other)
    expect(await problemOf(download(['/a']))).toMatchObject({
      _tag: 'ChecksumMismatch',
      file: target,
      expected: published.checksum,
      found: createHash('sha256').update(other).digest('hex'),
      acceptable: false,
    })
    expect(await filesInCache()).toEqual([])
  })

  it('takes the file from the next mirror when one sends other bytes', async () => {
    handlers['/a'] = serve(Buffer.alloc(300_000))
    handlers['/b'] = serve(content)
    await download(['/a', '/b'])
    await expectWhole()
    expect(asked).toEqual(['/a', '/b'])
  })

  it('starts over when the bytes of an earlier download turn out to be wrong', async () => {
    handlers['/a'] = serve(Buffer.alloc(300_000), 100_000)
    handlers['/a-again'] = serve(content)
    // The first mirror breaks after 100,000 wrong bytes and then is silent for good.
    let connections = 0
    const wrong = handlers['/a']
    handlers['/a'] = (request, response) =>
      connections++ === 0 ? wrong(request, response) : response.destroy()
    await download(['/a', '/a-again'])
    await expectWhole()
    expect(asked.slice(-2)).toEqual(['/a-again bytes=100000-', '/a-again'])
  })

  it('does not take a file that ends early', async () => {
    handlers['/a'] = (_, response) => {
      response.writeHead(200)
      response.end(content.subarray(0, 200_000))
    }
    const problem = await problemOf(download(['/a']))
    expect(JSON.stringify(problem)).toContain('the connection ended after 200000 of 300000 bytes')
    expect(await filesInCache()).toEqual(['file.gz.part'])
  })

  it('stops at the published size and throws away what is longer', async () => {
    handlers['/a'] = (_, response) => {
      response.writeHead(200)
      response.end(Buffer.concat([content, Buffer.from('more')]))
    }
    const problem = await problemOf(download(['/a']))
    expect(JSON.stringify(problem)).toContain('sent more than the 300000 bytes')
    expect(await filesInCache()).toEqual([])
  })

  it('counts a silent connection as cut', async () => {
    handlers['/a'] = (_, response) => {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 10))
    }
    handlers['/b'] = serve(content)
    await download(['/a', '/b'], { stallTimeoutMs: 100 })
    await expectWhole()
  })

  it('stops when told to, keeps the bytes aside, and the next download uses them', async () => {
    const stop = new AbortController()
    handlers['/a'] = (_, response) => {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 120_000))
    }
    const aborted = await problemOf(
      download(['/a'], {
        signal: stop.signal,
        onProgress: ({ receivedBytes }) => receivedBytes === 120_000 && stop.abort(),
      }),
    )
    expect(aborted).toEqual({ _tag: 'DownloadAborted', file: target, receivedBytes: 120_000 })
    expect(await filesInCache()).toEqual(['file.gz.part'])
    handlers['/a'] = serve(content)
    await download(['/a'])
    await expectWhole()
    expect(asked.at(-1)).toBe('/a bytes=120000-')
  })

  it('takes over what a killed process left, but not what a living one is writing', async () => {
    handlers['/a'] = serve(content)
    await download(['/a'])
    await rm(target)
    // No process has this number: it is above Linux's and macOS's largest.
    await writeFile(`${target}.99999999-1.part`, content.subarray(0, 90_000))
    await writeFile(`${target}.${process.ppid}-1.part`, content.subarray(0, 80_000))
    asked.length = 0
    await download(['/a'])
    expect(asked).toEqual(['/a bytes=90000-'])
    expect((await filesInCache()).sort()).toEqual(['file.gz', `file.gz.${process.ppid}-1.part`])
  })

  it('lets two downloads of one file run side by side', async () => {
    handlers['/a'] = serve(content)
    await Promise.all([download(['/a']), download(['/a'])])
    await expectWhole()
  })

  it('throws away a leftover that is longer than the file', async () => {
    handlers['/a'] = serve(content)
    await download(['/a'])
    await rm(target)
    await writeFile(`${target}.part`, Buffer.alloc(300_001))
    await download(['/a'])
    await expectWhole()
  })
})
