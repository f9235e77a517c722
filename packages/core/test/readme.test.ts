import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { testReadmeExamples } from '../../../test/run-readme-examples.ts'
import * as core from '../src/index.ts'
import * as kernel from '../src/kernel.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)

testReadmeExamples(import.meta.url, 3)

describe('the examples of the README', () => {
  test('pass the type checker', () => {
    const at = (name: string): string => `${import.meta.dirname}/${name}`
    const sources = new Map(blocks.map((block, i) => [at(`readme-example-${i}.ts`), block]))
    const examples = [...sources.keys()]
    // Instead of all of Node's types.
    sources.set(at('console.d.ts'), 'declare const console: { log: (...values: unknown[]) => void }')
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      customConditions: ['@laperm/source'],
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: [],
    }
    const host = ts.createCompilerHost(options)
    const { getSourceFile, fileExists } = host
    host.fileExists = (name) => sources.has(name) || fileExists(name)
    host.getSourceFile = (name, ...rest) => {
      const text = sources.get(name)
      return text === undefined
        ? getSourceFile(name, ...rest)
        : ts.createSourceFile(name, text, ts.ScriptTarget.ES2023)
    }
    const program = ts.createProgram([...sources.keys()], options, host)
    const problems = examples
      .map((name) => program.getSourceFile(name))
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    expect(problems).toEqual([])
  })

  test('every function that the table names exists', () => {
    const table = readme.slice(readme.indexOf('## What is here'), readme.indexOf('Order everywhere'))
    const named = [...table.matchAll(/`([a-z][A-Za-z0-9]+)/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(25)
    expect(named.filter((name) => !(name in core || name in kernel))).toEqual([])
  })
})
