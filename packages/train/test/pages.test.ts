import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('no source names a module of Node, or the part of data that does: the package runs in pages', () => {
  const folder = fileURLToPath(new URL('../src/', import.meta.url))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  expect(files.length).toBeGreaterThan(10)
  for (const file of files)
    expect(readFileSync(folder + file, 'utf8'), file).not.toMatch(/from '(node:|@laperm\/data\/node)/)
})
