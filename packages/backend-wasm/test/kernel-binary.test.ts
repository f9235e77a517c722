import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileKernel, kernelFile, renderKernelModule } from '../scripts/build-kernel.mjs'
import { renderEightRows } from '../scripts/build-networks.mjs'

test('the committed binary is what assembly/ compiles to (else: npm run build:kernel -w @laperm/backend-wasm)', async () => {
  const committed = readFileSync(new URL(`../${kernelFile}`, import.meta.url), 'utf8')
  expect(committed === renderKernelModule(await compileKernel())).toBe(true)
})

test('assembly/eight-rows.ts is what its lists of comparisons give (else: npm run build:networks -w @laperm/backend-wasm)', () => {
  const committed = readFileSync(new URL('../assembly/eight-rows.ts', import.meta.url), 'utf8')
  expect(committed === renderEightRows()).toBe(true)
})
