/** A command that breaks off by a fault of ours ends, whatever it has left running. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { laperm, makeDirectory } from './laperm-process.ts'

test('a fault of ours is told with its place, and the process ends', async () => {
  const directory = makeDirectory()
  const fault = join(directory, 'fault.cjs')
  // As a worker does that was not ended, the timer keeps the process alive.
  writeFileSync(
    fault,
    `const { stringify } = JSON
     JSON.stringify = (value, ...rest) => {
       if (value?.models !== undefined) throw new Error('a fault of ours')
       return stringify(value, ...rest)
     }
     setInterval(() => {}, 1_000_000)`,
  )
  const { code, signal, stderr } = await laperm(['list', '--json'], directory, {
    NODE_OPTIONS: `--require ${fault}`,
  })
  expect({ code, signal }).toEqual({ code: 1, signal: null })
  expect(stderr).toMatch(/laperm: Error: a fault of ours\n\s+at /)
}, 20_000)
