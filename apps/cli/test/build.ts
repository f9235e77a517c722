/** Compiles the program before its tests: they start the real thing as a process of its own. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const setup = (): void => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'apps/cli'], {
    cwd: root,
    stdio: 'inherit',
  })
}
