/**
 * Where something is missing the backends say what it is, what was found, and what to do.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'
import { libraryVersion } from '../src/cuda-machine.ts'
import { describeCudaMachine, makeCudaBackend, makeNodeBackend } from '../src/index.ts'
import { loadRuntime } from '../src/load-runtime.ts'
import { restoreRemovedUtil } from '../src/node-util-shim.ts'

let folder: string
beforeEach(() => {
  folder = makeTemporaryFolder('laperm-backend-node-')
})

/** A package as npm leaves it: with a binding or without, and with a main file of our choice. */
const installPackage = (name: string, main: string, withBinding: boolean): readonly string[] => {
  const directory = join(folder, 'node_modules', name)
  mkdirSync(join(directory, 'lib', 'napi-v8'), { recursive: true })
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, main: 'main.cjs' }))
  writeFileSync(join(directory, 'main.cjs'), main)
  if (withBinding) writeFileSync(join(directory, 'lib', 'napi-v8', 'tfjs_binding.node'), '')
  return [join(folder, 'package.json')]
}
const noMachine = () => ({ device: undefined, cuda: undefined, cudnn: undefined })
const render = (made: E.Either<Parameters<typeof renderError>[0], unknown>): string => {
  if (E.isRight(made)) throw new Error('it was made')
  return renderError(made.left)
}

// The runtime that other test files load is not loaded here: vitest gives every file a process or thread state of its own.
describe('makeNodeBackend', () => {
  test('says that the package is not installed', async () => {
    expect(render(await makeNodeBackend([join(folder, 'package.json')])())).toBe(
      'Backend node cannot run here: the package @tensorflow/tfjs-node is not installed. Run `npm install @tensorflow/tfjs-node` and let its install script run; in a checkout of LaPerm run `npm run setup:tensorflow`.',
    )
  })

  test('says that the binding is missing where install scripts do not run', async () => {
    const origins = installPackage('@tensorflow/tfjs-node', '', false)
    expect(render(await makeNodeBackend(origins)())).toContain(
      'but its native binding (lib/napi-v8/tfjs_binding.node) is missing: its install script did not run',
    )
  })

  test('names the library that the dynamic linker did not find', async () => {
    const origins = installPackage(
      '@tensorflow/tfjs-node',
      "throw new Error('libtensorflow.so.2: cannot open shared object file: No such file or directory')",
      true,
    )
    expect(render(await makeNodeBackend(origins)())).toContain(
      '@tensorflow/tfjs-node needs the library libtensorflow.so.2, which is not on this machine',
    )
  })

  test('repeats any other reason', async () => {
    const origins = installPackage('@tensorflow/tfjs-node', "throw new Error('too old\\nstack')", true)
    expect(render(await makeNodeBackend(origins)())).toContain(
      '@tensorflow/tfjs-node could not be loaded: too old. Reinstall it',
    )
  })
})

describe('makeCudaBackend', () => {
  test('says what is missing, what was found and what is wanted', async () => {
    const made = await makeCudaBackend([join(folder, 'package.json')], () => ({
      device: 'NVIDIA H200, 570.1',
      cuda: '12.4',
      cudnn: undefined,
    }))()
    expect(render(made)).toBe(
      'Backend cuda cannot run here: the package @tensorflow/tfjs-node-gpu is not installed. Run `npm install @tensorflow/tfjs-node-gpu` and let its install script run; it needs Linux or Windows with CUDA 11.2 and cuDNN 8.1. Found here: device NVIDIA H200, 570.1, CUDA runtime 12.4, cuDNN none; wanted: an NVIDIA device, CUDA 11.2, cuDNN 8.1.',
    )
  })

  test('names CUDA’s library when it is not there', async () => {
    const origins = installPackage(
      '@tensorflow/tfjs-node-gpu',
      "throw new Error('libcudart.so.11.0: cannot open shared object file: No such file or directory')",
      true,
    )
    expect(render(await makeCudaBackend(origins, noMachine)())).toContain(
      'needs the library libcudart.so.11.0',
    )
  })

  test('looks at a real machine without failing', () => {
    expect(describeCudaMachine(noMachine())).toContain('device none, CUDA runtime none, cuDNN none')
    const ldconfig = '\tlibcudart.so.11.0 (libc6,x86-64) => /x\n\tlibcudnn.so.8 (libc6,x86-64) => /y\n'
    expect(libraryVersion(ldconfig, 'libcudart')).toBe('11.0')
    expect(libraryVersion(ldconfig, 'libcudnn')).toBe('8')
    expect(libraryVersion(ldconfig, 'libcud')).toBeUndefined()
  })
})

test('loading a package that registers nothing is an error, not a backend', () => {
  const origins = installPackage('@tensorflow/tfjs-node', 'module.exports = {}', true)
  expect(render(loadRuntime('node', '@tensorflow/tfjs-node', 'Reinstall it.', origins))).toContain(
    'TensorFlow is not loaded',
  )
})

test('functions that Node 23 removed are put back, others are left alone', () => {
  const removed: Parameters<typeof restoreRemovedUtil>[0] & object = {}
  restoreRemovedUtil(removed)
  expect([undefined, null, 0].map((value) => removed.isNullOrUndefined?.(value))).toEqual([true, true, false])
  expect(removed.isArray?.([])).toBe(true)
  const own = () => true
  const kept = { isNullOrUndefined: own }
  restoreRemovedUtil(kept)
  expect(kept.isNullOrUndefined).toBe(own)
})
