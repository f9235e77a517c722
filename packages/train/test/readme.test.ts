import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, example]) => example)

test.each(examples)('the README’s example %# runs in plain Node and prints what it says', (code) => {
  const folder = join(root, '.cache')
  const file = join(folder, 'readme-example.mjs')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, code)
  try {
    const { NODE_OPTIONS: _, ...env } = process.env
    const ran = spawnSync(process.execPath, [file], { encoding: 'utf8', env, cwd: folder })
    expect(ran.stderr).toBe('')
    expect(ran.stdout.trim().split('\n')).toEqual(
      [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line),
    )
  } finally {
    rmSync(file)
  }
})
