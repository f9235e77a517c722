/** Calls at once or by threads: files give the same either way, and a slow file system is left to threads. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeQuickCalls, threadCalls } from '../src/file-calls.ts'
import { readSmallFile } from '../src/read-small-file.ts'

const directory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'laperm-calls-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test('a file, one that is missing, one that is too large, and a directory give the same by threads and at once', async () => {
  const place = directory()
  writeFileSync(join(place, 'small'), 'text')
  writeFileSync(join(place, 'large'), 'é'.repeat(20_000))
  const all = (calls = threadCalls) =>
    Promise.all(
      ['small', 'large', 'none', '.'].map((name) => readSmallFile(join(place, name), 100_000, calls)),
    )
  const [small, large, none, itself] = await all()
  expect([small, none]).toEqual([{ kind: 'text', text: 'text' }, { kind: 'missing' }])
  expect(large).toEqual({ kind: 'text', text: 'é'.repeat(20_000) })
  expect(itself?.kind).toBe('refused')
  expect(await all(makeQuickCalls()())).toEqual([small, large, none, itself])
  expect(await readSmallFile(join(place, 'large'), 39_999, makeQuickCalls()())).toEqual({
    kind: 'refused',
    reason: 'has 40000 bytes, but at most 39999 are read',
  })
})

test('a file system that needs long for a directory is left to threads', () => {
  const place = directory()
  const clock = { now: 0 }
  const next = makeQuickCalls(() => clock.now++ * 30)
  const calls = next()
  expect(calls).not.toBe(threadCalls)
  calls.list(place)
  expect(next()).toBe(threadCalls)
})
