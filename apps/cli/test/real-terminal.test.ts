/** What a person sees on a terminal that is one. */
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { hasTerminals, runOnTerminal } from '../../../test/devices/pty.ts'
import { makeDirectory } from './laperm-process.ts'

const program = fileURLToPath(new URL('../bin/laperm.js', import.meta.url))
const small = 'train mlp --limit 1000 --batch-size 50 --epochs 3 --sync-period 5 --threads 1'.split(' ')
const escapeCharacter = '\u001b'
/** Sequences that move the cursor or change its looks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const sequences = /\u001b\[[\d;?]*[A-Za-z]/g

/** A bar is drawn anew from the first column. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told
const redraw = /[\r\n]|\u001b\[1G/

const see = (columns: number, term: string) =>
  runOnTerminal([process.execPath, program, ...small], { columns, term, cwd: makeDirectory() })

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('that cannot move its cursor, there are lines and no escapeCharacter sequence', () => {
    const { code, screen } = see(80, 'dumb')
    expect(code, screen).toBe(0)
    expect(screen).not.toContain(escapeCharacter)
    expect(screen).toMatch(/^epoch 3\/3 {2}loss \d\.\d{4}/m)
  })

  test('of 40 columns, a bar fits and shows a loss', () => {
    const { code, screen } = see(40, 'xterm')
    expect(code, screen).toBe(0)
    expect(screen).toContain(escapeCharacter)
    const drawn = screen.split(redraw).map((line) => line.replaceAll(sequences, '').trimEnd())
    const bars = drawn.filter((line) => /^\d+\/3 /.test(line))
    expect(bars.length).toBeGreaterThan(0)
    expect(bars.some((line) => /loss \d\.\d{4}/.test(line))).toBe(true)
    expect(Math.max(...bars.map((line) => line.length))).toBeLessThanOrEqual(40)
  })

  test('of 40 columns, what laperm verify draws over fits', () => {
    const words = ['verify', '--backend', 'core', '--trials', '1']
    const { code, screen } = runOnTerminal([process.execPath, program, ...words], {
      columns: 40,
      term: 'xterm',
      cwd: makeDirectory(),
    })
    expect(code, screen).toBe(0)
    const drawn = screen.split(redraw).map((line) => line.replaceAll(sequences, ''))
    const shares = drawn.filter((line) => line.endsWith('%'))
    expect(shares.length).toBeGreaterThan(1)
    expect(Math.max(...shares.map((line) => line.length))).toBeLessThan(40)
  })
})
