import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8')

test('the README’s example runs and prints what it says', async () => {
  const [code] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, example]) => example)
  const folder = fileURLToPath(new URL('../.cache/', import.meta.url))
  const file = `${folder}readme-example.mjs`
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, code)
  try {
    await import(file)
    expect(log.mock.calls.map((words) => words.join(' '))).toEqual(
      [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line),
    )
  } finally {
    log.mockRestore()
    rmSync(file)
  }
})
