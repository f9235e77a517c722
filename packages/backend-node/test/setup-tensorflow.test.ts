/**
 * `npm run setup:tensorflow` says which step failed and why, and leaves nothing half-done.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'

const packageRoot = fileURLToPath(new URL('..', import.meta.url))
const script = fileURLToPath(new URL('../../../scripts/setup-tensorflow.mjs', import.meta.url))

let programs: string
beforeEach(() => {
  programs = makeTemporaryFolder('laperm-setup-')
})

/** Put a program of this name on the only path there is. */
const program = (name: string, body: string): void => {
  writeFileSync(join(programs, name), `#!/bin/sh\n${body}\n`)
  chmodSync(join(programs, name), 0o755)
}
const folders = () => readdirSync(packageRoot).filter((name) => name.startsWith('.tensorflow'))
const ready = join(packageRoot, '.tensorflow', 'ready')

const setUp = () => {
  const before = { folders: folders(), ready: existsSync(ready) }
  const { status, stderr } = spawnSync(process.execPath, [script, '--force'], {
    encoding: 'utf8',
    env: { PATH: programs },
  })
  expect(
    { folders: folders(), ready: existsSync(ready) },
    'what was there is there, and nothing else',
  ).toEqual(before)
  return { status, stderr }
}

describe.skipIf(process.platform !== 'linux')('setup:tensorflow', () => {
  test('asks for Python with pip', () => {
    const { status, stderr } = setUp()
    expect(status).toBe(1)
    expect(stderr).toContain(
      'TensorFlow was not set up. Python: neither `python3 -m pip` nor `python -m pip` runs.',
    )
  })

  test('asks for a compiler before it downloads anything', () => {
    program('python3', 'exit 0')
    const { status, stderr } = setUp()
    expect(status).toBe(1)
    expect(stderr).toContain('C++ compiler: there is no program g++. Install g++')
  })

  test('stops at a package whose hash is wrong, and cleans up', () => {
    program('g++', 'exit 0')
    program('npm', 'exit 0')
    program('python3', 'case "$*" in *download*) echo THESE PACKAGES DO NOT MATCH THE HASHES; exit 1;; esac')
    const { status, stderr } = setUp()
    expect(status).toBe(1)
    expect(stderr).toContain('pip download: python3 ended with 1.')
    expect(stderr).toContain('THESE PACKAGES DO NOT MATCH THE HASHES')
  })

  test('hands pip the hash and one exact wheel', () => {
    program('g++', 'exit 0')
    program('npm', 'exit 0')
    // What pip was asked for comes back as its error message.
    program(
      'python3',
      'case "$*" in *download*) echo "$*"; read -r line < requirements.txt; echo "$line"; exit 1;; esac',
    )
    const { stderr } = setUp()
    expect(stderr).toMatch(/--no-deps --require-hashes --only-binary=:all:/)
    expect(stderr).toMatch(/--platform manylinux_2_27_(x86_64|aarch64)/)
    expect(stderr).toMatch(/tensorflow(-cpu)?==2\.21\.0 --hash=sha256:[0-9a-f]{64}/)
  })

  test('believes no runtime that does not load', () => {
    program('g++', 'exit 0')
    program('npm', 'exit 0')
    program('python3', 'exit 0')
    const { status, stderr } = setUp()
    expect(status).toBe(1)
    expect(stderr).toContain('The binding was built but does not work here.')
    expect(stderr).toContain("Cannot find module '@tensorflow/tfjs-node'")
  })
})
