import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { testReadmeExamples } from '../../../test/run-readme-examples.ts'
import { datasets } from '../src/datasets/datasets.ts'
import { publishedFilesOf } from '../src/datasets/recognize-checksum.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

testReadmeExamples(import.meta.url, 5, 'node')

describe('the README', () => {
  it('lists the checksums that are verified', () => {
    for (const dataset of datasets)
      for (const { file, bytes } of publishedFilesOf(dataset))
        if (file.endsWith('.gz'))
          expect(readme).toContain(
            `| ${dataset.name} \`${file}\` | ${bytes.algorithm} \`${bytes.checksum}\` |`,
          )
  })
})

describe('the entry for pages', () => {
  it('reaches no module of Node', () => {
    const seen = new Set<string>()
    const visit = (file: string): void => {
      if (seen.has(file)) return
      seen.add(file)
      for (const [, imported] of readFileSync(join(root, 'src', file), 'utf8').matchAll(/from '([^']+)'/g)) {
        expect(`${file}: ${imported}`).toMatch(/: (\.\.?\/[a-z0-9-/]+\.ts|@laperm\/core(\/settings)?|fp-ts)$/)
        if (imported.startsWith('.')) visit(join(dirname(file), imported))
      }
    }
    visit('index.ts')
    expect(seen.has('digits/digits.ts')).toBe(true)
  })
})
