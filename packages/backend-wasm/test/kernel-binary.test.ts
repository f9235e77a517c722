import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileKernel, renderKernelModule } from '../scripts/build-kernel.mjs'

test('the committed kernel is what assembly/ compiles to (else: npm run build:kernel -w @laperm/backend-wasm)', async () => {
  const committed = readFileSync(new URL('../src/kernel-binary.ts', import.meta.url), 'utf8')
  expect(committed === renderKernelModule(await compileKernel())).toBe(true)
})
