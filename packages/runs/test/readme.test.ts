import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { testReadmeExamples } from '../../../test/run-readme-examples.ts'
import { runFiles } from '../src/index.ts'

testReadmeExamples(import.meta.url, 1, 'node')

test('the README names every file of a run', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const file of Object.values(runFiles)) expect(readme).toContain(`\`${file}\``)
})
