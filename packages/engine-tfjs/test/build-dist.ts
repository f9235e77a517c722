/** The README's example and engine-onnx's worker run `dist`: built first, so that it is never stale. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export const setup = (): void => {
  execFileSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-b', 'packages/engine-onnx', 'packages/engine-tfjs'],
    { cwd: root, stdio: 'inherit' },
  )
}
