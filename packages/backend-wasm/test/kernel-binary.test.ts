import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileKernel, kernelFile, renderKernelModule } from '../scripts/build-kernel.mjs'

test('the committed binary is what assembly/ compiles to (else: npm run build:kernel -w @laperm/backend-wasm)', async () => {
  const committed = readFileSync(new URL(`../${kernelFile}`, import.meta.url), 'utf8')
  expect(committed === renderKernelModule(await compileKernel())).toBe(true)
})
