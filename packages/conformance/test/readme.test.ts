import { readFileSync } from 'node:fs'
import { formatWithOptions } from 'node:util'
import * as core from '@laperm/core'
import ts from 'typescript'
import { expect, test } from 'vitest'
import * as conformance from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const modules: Readonly<Record<string, unknown>> = {
  '@laperm/core': core,
  '@laperm/conformance': conformance,
}

/** Run a block against the sources; give back what it printed, a line a call. */
const run = async (code: string): Promise<string[]> => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  const printed: string[] = []
  const log = (...values: unknown[]) => printed.push(formatWithOptions({ breakLength: Infinity }, ...values))
  const load = (name: string): unknown => modules[name]
  const body = new Function('require', 'exports', 'console', `return (async () => {${outputText}})()`)
  await body(load, {}, { log })
  return printed
}

test('the example of the README prints what it says', async () => {
  const [[, code]] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)]
  const promised = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, expected]) => expected)
  expect(promised).toHaveLength(4)
  expect(await run(code)).toEqual(promised)
})

test('the README names every law that exists', () => {
  for (const name of conformance.lawNames) {
    const said = name.endsWith('equals the reference')
      ? 'sort, rank, permute, sync equals the reference'
      : name
    expect(readme).toContain(said)
  }
})
