import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))

it("the README's example runs as it stands, in plain Node", () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${folder}/README.md`, 'utf8')) ?? []
  const { stderr, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `${example}\nconsole.log(params.map(({ name }) => name).join(' '))`],
    { cwd: folder, encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  expect(stdout).toBe('dense1/kernel dense1/bias dense2/kernel dense2/bias dense3/kernel dense3/bias\n')
})
