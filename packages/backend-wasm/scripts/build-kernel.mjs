/**
 * Compile assembly/ to WebAssembly and write it, as base64, to src/kernel-binary.ts and, for memory that threads share, to
 * src/shared-kernel-binary.ts. Both are committed; they differ in the kind of memory that they import.
 *
 * `node scripts/build-kernel.mjs` writes the files; `compileKernel` gives the bytes (a test compares them with the files).
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))

const flags = [
  'assembly/index.ts',
  '--baseDir',
  root,
  '--outFile',
  'kernel.wasm',
  // No garbage collector and no aborts: the kernel works on addresses only.
  ...['--runtime', 'stub', '--noAssert', '--use', 'abort=', '--importMemory'],
  ...['--enable', 'simd', '--enable', 'bulk-memory'],
  ...['-O3', '--converge'],
  // A v128 never crosses to JavaScript; the compiler cannot know that.
  ...['--disableWarning', '112'],
]

const sharedFlags = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']

/** The two kernels: where each is written, and whether its memory is shared. */
export const kernels = [
  { file: 'src/kernel-binary.ts', name: 'kernelBase64', isShared: false },
  { file: 'src/shared-kernel-binary.ts', name: 'sharedKernelBase64', isShared: true },
]

/**
 * @param {boolean} isShared whether threads share its memory.
 * @returns {Promise<Uint8Array>} the WebAssembly module.
 */
export const compileKernel = async (isShared) => {
  let binary
  const { error, stderr } = await asc.main(isShared ? [...flags, ...sharedFlags] : flags, {
    writeFile: (_name, contents) => {
      binary = contents
    },
  })
  if (error || binary === undefined) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return binary
}

/**
 * @param {string} name of the constant.
 * @param {Uint8Array} binary the WebAssembly module.
 */
export const renderKernelModule = (name, binary) =>
  [
    '/**',
    ' * The kernel of assembly/, compiled. Written by `npm run build:kernel`; a test fails when it is out of date.',
    ' */',
    `export const ${name} =\n  '${Buffer.from(binary).toString('base64')}'`,
    '',
  ].join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, name, isShared } of kernels) {
    const binary = await compileKernel(isShared)
    writeFileSync(new URL(`../${file}`, import.meta.url), renderKernelModule(name, binary))
    console.log(`${file}: ${binary.length} bytes of WebAssembly`)
  }
}
