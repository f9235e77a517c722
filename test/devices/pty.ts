/** A real terminal for programs under test, by `script` of util-linux. */
import { spawnSync } from 'node:child_process'
import { reportMissing } from './required.ts'

/** Words of a shell command, each in quotes. */
const quoted = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')

/** What a program writes on a terminal of so many columns, and its exit code. Standard output and standard error are one there. */
export const runOnTerminal = (
  words: readonly string[],
  options: { readonly columns: number; readonly term: string; readonly cwd: string },
): { readonly code: number | null; readonly screen: string } => {
  const { status, stdout } = spawnSync(
    'script',
    ['-qec', `stty cols ${options.columns} rows 24; ${quoted(words)}`, '/dev/null'],
    { cwd: options.cwd, env: { ...process.env, TERM: options.term }, encoding: 'utf8' },
  )
  return { code: status, screen: stdout ?? '' }
}

/** Whether there are terminals to run on. Fails at import where `LAPERM_REQUIRE` names `pty`. */
export const hasTerminals: boolean = (() => {
  const { code, screen } = runOnTerminal(['tty'], { columns: 80, term: 'dumb', cwd: '/' })
  const isThere = code === 0 && screen.includes('/dev/')
  if (!isThere) reportMissing('pty', `script of util-linux gives no terminal (${code}: ${screen.trim()})`)
  return isThere
})()
