import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { replaceFile } from '../src/node/part-file.ts'

test('of two downloads that end at once neither takes the other for foreign', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'laperm-parts-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const names = Array.from({ length: 20 }, (_, round) => `file-${round}`)
  for (const name of names) {
    const parts = ['a', 'b'].map((owner) => join(directory, `${name}.${owner}.part`))
    for (const part of parts) writeFileSync(part, 'published')
    const isSame = async () => true
    const aside = await Promise.all(parts.map((part) => replaceFile(part, join(directory, name), isSame)))
    expect(aside).toEqual([undefined, undefined])
  }
  expect(readdirSync(directory).sort()).toEqual([...names].sort())
})
