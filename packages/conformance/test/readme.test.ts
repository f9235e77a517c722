import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { testReadmeExamples } from '../../../test/run-readme-examples.ts'
import { lawNames } from '../src/index.ts'

testReadmeExamples(import.meta.url, 1)

test('the README names every law that exists', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const name of lawNames) {
    const said = name.endsWith('equals the reference')
      ? 'sort, rank, permute, sync equals the reference'
      : name
    expect(readme).toContain(said)
  }
})
