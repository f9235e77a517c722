/** Which package ONNX Runtime comes from, and what is said where there is none. */
import { describe, expect, it } from 'vitest'
import { loadOnnxRuntime, RuntimeMissing, runtimePackage } from '../src/runtime/load-onnxruntime.ts'
import { missingRuntimeRemedy } from '../src/runtime/missing-runtime.ts'

describe('loading ONNX Runtime', () => {
  it('takes the first package that is installed', async () => {
    const loaded = await loadOnnxRuntime(['@laperm/onnxruntime-none', 'onnxruntime-node'])
    expect(loaded.env.versions.node).toMatch(/^1\./)
  })

  it('says which package is missing where none is installed', async () => {
    const missing = loadOnnxRuntime(['@laperm/onnxruntime-none', '@laperm/onnxruntime-nowhere'])
    await expect(missing).rejects.toThrow(new RuntimeMissing('@laperm/onnxruntime-none is not installed'))
  })

  it('goes on to no other package from one that is there and broken', async () => {
    const broken =
      'data:text/javascript,throw new Error("libonnxruntime.so.1: cannot open shared object file")'
    await expect(loadOnnxRuntime([broken, 'onnxruntime-node'])).rejects.toThrow('libonnxruntime.so.1')
  })
})

describe('what to do without ONNX Runtime', () => {
  it.each([
    ['linux', 'x64', false, 'Run `npm install @laperm/onnxruntime-linux-x64`'],
    ['darwin', 'arm64', false, 'Run `npm install @laperm/onnxruntime-darwin-arm64`'],
    ['linux', 'x64', true, 'no build for linux x64 with musl'],
    ['darwin', 'x64', false, 'no build for darwin x64 (it has'],
    ['freebsd', 'x64', false, '--engine wasm'],
  ])('on %s %s (musl: %s): %s', (platform, architecture, hasMusl, expected) => {
    expect(missingRuntimeRemedy({ platform, architecture, hasMusl })).toContain(expected)
  })

  it('finds glibc or no Linux where these tests run', () => {
    expect(missingRuntimeRemedy()).toContain(runtimePackage())
  })
})
