/** Runs a document's examples as they are: the `js` and `ts` blocks with lines that end in `// prints: ...`, which say what is printed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatWithOptions } from 'node:util'
import { expect, test, vi } from 'vitest'

/** Where an example is run: in the test, on the sources; or by a process of plain Node, on what is built. */
export type ReadmeRunner = 'sources' | 'node'

interface Example {
  readonly language: string
  readonly code: string
  /** What it says that it prints. */
  readonly promised: readonly string[]
}

const examplesOf = (document: string): readonly Example[] =>
  [...readFileSync(document, 'utf8').matchAll(/```(js|ts)\n(.*?)```/gs)].map(([, language, code]) => ({
    language,
    code,
    promised: [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line),
  }))

const printedBySources = async (file: string): Promise<readonly string[]> => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    await import(file)
    return log.mock.calls.map((values) => formatWithOptions({ breakLength: Infinity }, ...values))
  } finally {
    log.mockRestore()
  }
}

/** What tfjs says on standard error when it computes in JavaScript in Node. */
const tfjsGreeting = /=+\nHi, looks like you are running TensorFlow\.js in Node\.js.*\n=+\n/

const printedByNode = (file: string, folder: string): readonly string[] => {
  const { NODE_OPTIONS: _, ...env } = process.env
  const { stderr, stdout } = spawnSync(process.execPath, [file], { encoding: 'utf8', env, cwd: folder })
  expect(stderr.replace(tfjsGreeting, '').trim()).toBe('')
  return stdout.trim().split('\n')
}

const testExample = (
  name: string,
  { language, code, promised }: Example,
  folder: string,
  runner: ReadmeRunner,
): void =>
  test(`${name} runs and prints what it says`, async () => {
    const file = `${folder}example.${language === 'ts' ? 'ts' : 'mjs'}`
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, code)
    try {
      const printed = runner === 'node' ? printedByNode(file, folder) : await printedBySources(file)
      expect(printed).toEqual(promised)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

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
  const examples = examplesOf(fileURLToPath(new URL('../README.md', testFile))).filter(
    ({ promised }) => promised.length > 0,
  )

  test(`the README has ${count} examples that print something`, () => {
    expect(examples).toHaveLength(count)
  })
  examples.forEach((example, i) => {
    const folder = fileURLToPath(new URL(`../.cache/readme/${i + 1}/`, testFile))
    testExample(`example ${i + 1} of the README`, example, folder, runner)
  })
}

/**
 * Declare a test for each example of a guide, run by plain Node: every block that imports something is a program, and says what it prints.
 *
 * @param guide a Markdown file.
 * @param folder where its programs are written, inside of a package that finds what they import.
 */
export const testGuideExamples = (guide: string, folder: string): void => {
  const programs = examplesOf(guide).filter(({ code }) => /^import /m.test(code))

  test('every program of the guide says what it prints', () => {
    expect(programs.filter(({ promised }) => promised.length === 0).map(({ code }) => code)).toEqual([])
    expect(programs.length).toBeGreaterThan(0)
  })
  programs.forEach((program, i) => {
    testExample(`program ${i + 1} of the guide`, program, `${folder}${i + 1}/`, 'node')
  })
}
