import { readFileSync } from 'node:fs'
import { formatWithOptions } from 'node:util'
import * as fpTs from 'fp-ts'
import ts from 'typescript'
import { expect, test } from 'vitest'
import * as backendWasm from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const modules: Readonly<Record<string, unknown>> = {
  '@laperm/backend-wasm': backendWasm,
  'fp-ts': fpTs,
}

/** Run a block against the sources; give back what it printed, a line a call. */
const run = async (code: string): Promise<string[]> => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  const printed: string[] = []
  const log = (...values: unknown[]) => printed.push(formatWithOptions({ breakLength: Infinity }, ...values))
  const body = new Function('require', 'exports', 'console', `return (async () => {${outputText}})()`)
  await body((name: string) => modules[name], {}, { log })
  return printed
}

test.each([...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code))(
  'example %# of the README prints what it says',
  async (code) => {
    const promised = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, expected]) => expected)
    expect(promised.length).toBeGreaterThan(0)
    expect(await run(code)).toEqual(promised)
  },
)
