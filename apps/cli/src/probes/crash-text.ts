/** A probe's process that died, in words: how, and the last thing that it printed. */
import { shorten } from '../plain-text.ts'
import type { ProbeDied } from './run-probe.ts'

export const crashText = (
  { how }: ProbeDied,
  printed: readonly string[],
): { readonly detail: string; readonly remedy: string } => {
  // Behind an error Node prints a stack and its version.
  const said = printed.findLast((line) => /^\w*Error: /.test(line)) ?? printed.at(-1)
  return {
    detail: `the process that tried it ended (${how})${said === undefined ? '' : `; it printed: ${shorten(said, 300)}`}`,
    remedy: 'A driver or a native library crashed; --verbose shows all that it printed. Update or remove it.',
  }
}
