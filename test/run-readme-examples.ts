/** Runs a README's examples as they are: the `js` and `ts` blocks with lines that end in `// prints: ...`, which say what is printed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatWithOptions } from 'node:util'
import { expect, test, vi } from 'vitest'

/** Where an example is run: in the test, on the sources; or by a process of plain Node, on what is built. */
export type ReadmeRunner = 'sources' | 'node'

const promisedBy = (code: string): readonly string[] =>
  [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line)

const printedBySources = async (file: string): Promise<readonly string[]> => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    await import(file)
    return log.mock.calls.map((values) => formatWithOptions({ breakLength: Infinity }, ...values))
  } finally {
    log.mockRestore()
  }
}

const printedByNode = (file: string, folder: string): readonly string[] => {
  const { NODE_OPTIONS: _, ...env } = process.env
  const { stderr, stdout } = spawnSync(process.execPath, [file], { encoding: 'utf8', env, cwd: folder })
  expect(stderr).toBe('')
  return stdout.trim().split('\n')
}

/**
 * Declare a test for each example of a package's README.
 *
 * @param testFile `import.meta.url` of the package's test.
 * @param count how many examples there are, so that none is lost.
 */
export const testReadmeExamples = (
  testFile: string,
  count: number,
  runner: ReadmeRunner = 'sources',
): void => {
  const readme = readFileSync(fileURLToPath(new URL('../README.md', testFile)), 'utf8')
  const examples = [...readme.matchAll(/```(js|ts)\n(.*?)```/gs)]
    .map(([, language, code]) => ({ language, code, promised: promisedBy(code) }))
    .filter(({ promised }) => promised.length > 0)
  const folder = fileURLToPath(new URL('../.cache/readme/', testFile))

  test(`the README has ${count} examples that print something`, () => {
    expect(examples).toHaveLength(count)
  })

  test.each(examples.map((example, i) => ({ ...example, number: i + 1 })))(
    'example $number of the README runs and prints what it says',
    async ({ number, language, code, promised }) => {
      const file = `${folder}example-${number}.${language === 'ts' ? 'ts' : 'mjs'}`
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, code)
      try {
        const printed = runner === 'node' ? printedByNode(file, folder) : await printedBySources(file)
        expect(printed).toEqual(promised)
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
}
