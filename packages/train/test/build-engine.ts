/** Compiles this package and the engine that it is compared with: plain Node runs `dist`, in the engine's worker and in the README's example. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const setup = (): void => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  execFileSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-b', 'packages/engine-onnx', 'packages/train'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
}
