import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileKernel, kernels, renderKernelModule } from '../scripts/build-kernel.mjs'

test.each(kernels)(
  'the committed $file is what assembly/ compiles to (else: npm run build:kernel -w @laperm/backend-wasm)',
  async ({ file, name, isShared }) => {
    const committed = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
    expect(committed === renderKernelModule(name, await compileKernel(isShared))).toBe(true)
  },
)
