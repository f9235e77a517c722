import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { datasets } from '../src/datasets/datasets.ts'
import { publishedFilesOf } from '../src/datasets/recognize-checksum.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code)

describe('the README', () => {
  it('has five examples', () => {
    expect(examples).toHaveLength(5)
  })

  it.each(examples.map((code, index) => [index + 1, code] as const))(
    'example %i runs in plain Node on the built package and prints what it says',
    (index, code) => {
      const folder = join(root, '.cache')
      const file = join(folder, `readme-example-${index}.mjs`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, code)
      try {
        const { NODE_OPTIONS: _, ...env } = process.env
        const ran = spawnSync(process.execPath, [file], { encoding: 'utf8', env })
        const promised = [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line)
        expect(ran.stderr).toBe('')
        expect(ran.stdout.trim().split('\n')).toEqual(promised)
      } finally {
        rmSync(file)
      }
    },
  )

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
        expect(`${file}: ${imported}`).toMatch(/: (\.\.?\/[a-z0-9-/]+\.ts|@laperm\/core|fp-ts)$/)
        if (imported.startsWith('.')) visit(join(dirname(file), imported))
      }
    }
    visit('index.ts')
    expect(seen.has('digits/digits.ts')).toBe(true)
  })
})
