/** A download into a cache on a disk that is full, a real one. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canMountTmpfs, mountTmpfs } from '../../../test/devices/tmpfs.ts'
import { renderDataError } from '../src/data-error.ts'
import { downloadFile } from '../src/download.ts'
import { asked, base, content, handlers, problemOf, published, serve } from './download-server.ts'

describe.skipIf(!canMountTmpfs)('a download on a full disk', () => {
  it('names the path and the space, asks no other mirror, and goes on from there when there is room', async () => {
    const disk = mountTmpfs('size=128k')
    const target = join(disk.path, 'file.gz')
    handlers['/a'] = serve(content)
    handlers['/b'] = serve(content)
    const request = { urls: [`${base}/a`, `${base}/b`], target, published }
    const problem = await problemOf(downloadFile(request))
    expect(problem).toMatchObject({ _tag: 'FileSystemFailed' })
    const words = renderDataError(problem)
    expect(words).toContain(disk.path)
    expect(words).toMatch(/ENOSPC.*free space/)
    expect(words).not.toMatch(/network/)
    expect(asked).toEqual(['/a'])
    expect(readdirSync(disk.path)).not.toContain('file.gz')
    disk.remount('size=4m')
    await downloadFile(request)
    expect((await readFile(target)).equals(content)).toBe(true)
    expect(asked.at(-1)).toMatch(/^\/a bytes=[1-9]\d*-$/)
  })
})
