import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runFiles } from '../src/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

test('the README’s example runs in plain Node and prints what it says', () => {
  const [code] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, example]) => example)
  const folder = join(root, '.cache', 'readme')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'example.mjs')
  writeFileSync(file, code)
  try {
    const { NODE_OPTIONS: _, ...env } = process.env
    const ran = spawnSync(process.execPath, [file], { encoding: 'utf8', env, cwd: folder })
    expect(ran.stderr).toBe('')
    expect(ran.stdout.trim().split('\n')).toEqual(
      [...code.matchAll(/\/\/ prints: (.*)/g)].map(([, line]) => line),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the README names every file of a run', () => {
  for (const file of Object.values(runFiles)) expect(readme).toContain(`\`${file}\``)
})
