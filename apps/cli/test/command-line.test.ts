import { expect, test } from 'vitest'
import { commandLineOf } from '../src/command-line.ts'

test('a command can be pasted into a shell, and has no passwords in it', () => {
  expect(commandLineOf(['train', 'f2', '--out', "Anna's runs"], 'linux')).toBe(
    "laperm train f2 --out 'Anna'\\''s runs'",
  )
  expect(commandLineOf(['sweep', '--queue', 'rediss://me:p%40ss@host:6379/0'], 'linux')).toBe(
    "laperm sweep --queue 'rediss://***@host:6379/0'",
  )
  expect(commandLineOf(['sweep', '--queue=redis://:secret@host'], 'linux')).not.toContain('secret')
})
