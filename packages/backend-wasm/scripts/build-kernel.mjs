/**
 * Compile assembly/ to WebAssembly and write it, as base64, to src/kernel-binary.ts, which is committed.
 *
 * `node scripts/build-kernel.mjs` writes the file; `compileKernel` gives the bytes (a test compares them with the file).
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

/** Where the kernel is written. */
export const kernelFile = 'src/kernel-binary.ts'

/** @returns {Promise<Uint8Array>} the WebAssembly module. */
export const compileKernel = async () => {
  let binary
  const { error, stderr } = await asc.main(flags, {
    writeFile: (_name, contents) => {
      binary = contents
    },
  })
  if (error || binary === undefined) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return binary
}

/** @param {Uint8Array} binary the WebAssembly module. */
export const renderKernelModule = (binary) =>
  [
    '/**',
    ' * The kernel of assembly/, compiled. Written by `npm run build:kernel`; a test fails when it is out of date.',
    ' */',
    `export const kernelBase64 =\n  '${Buffer.from(binary).toString('base64')}'`,
    '',
  ].join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const binary = await compileKernel()
  writeFileSync(new URL(`../${kernelFile}`, import.meta.url), renderKernelModule(binary))
  console.log(`${kernelFile}: ${binary.length} bytes of WebAssembly`)
}
