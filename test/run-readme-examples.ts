/** Runs a README's examples as they are: every `js` block, whose lines ending in `// prints: ...` say what it prints. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'

/** Declare a test for each example of the README of the package whose test this is. @param testFile the test file's `import.meta.url`. */
export const testReadmeExamples = (testFile: string): void => {
  const readme = readFileSync(fileURLToPath(new URL('../README.md', testFile)), 'utf8')
  const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, example]) => example)
  const folder = fileURLToPath(new URL('../.cache/', testFile))

  test.each(examples.map((code, i) => [i + 1, code] as const))(
    'example %i of the README runs and prints what it says',
    async (i, code) => {
      const file = `${folder}readme-example-${i}.mjs`
      const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, code)
      try {
        await import(file)
        const promised = [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line)
        expect(promised.length).toBeGreaterThan(0)
        expect(log.mock.calls.map((words) => words.join(' '))).toEqual(promised)
      } finally {
        log.mockRestore()
        rmSync(file)
      }
    },
  )
}
