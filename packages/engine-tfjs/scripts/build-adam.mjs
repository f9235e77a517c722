/**
 * Compile assembly/ to WebAssembly and write it, as base64, to src/adam-binary.ts, which is committed.
 *
 * `npm run build:adam` writes the file; `renderAdamModule` gives its text (a test compares them).
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))

const flags = [
  ...['assembly/adam.ts', '--baseDir', root, '--outFile', 'adam.wasm'],
  // No garbage collector and no aborts: it works on addresses only, in the memory of whoever calls it.
  ...[
    '--runtime',
    'stub',
    '--noAssert',
    '--use',
    'abort=',
    '--importMemory',
    '--initialMemory',
    '1',
    '--noExportMemory',
  ],
  ...['--enable', 'simd', '-O3', '--converge'],
  // A v128 never crosses to JavaScript; the compiler cannot know that.
  ...['--disableWarning', '112'],
]

/** Memory of any size that threads share; which kind a module takes is part of it. */
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']

/** Where it is written. */
export const adamFile = 'src/adam-binary.ts'

const compile = async (more) => {
  let binary
  const { error, stderr } = await asc.main([...flags, ...more], {
    writeFile: (_name, contents) => {
      binary = contents
    },
  })
  if (error || binary === undefined) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return binary
}

/** @returns {Promise<string>} the text of its file. */
export const renderAdamModule = async () => {
  const [own, common] = await Promise.all([[], shared].map(compile))
  const base64 = (binary) => Buffer.from(binary).toString('base64')
  return `/** Adam of assembly/, compiled. Written by \`npm run build:adam\`; a test fails when it is out of date. */
export const adamBase64 =
  '${base64(own)}'

/** The same for memory that threads share. */
export const sharedAdamBase64 =
  '${base64(common)}'
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL(`../${adamFile}`, import.meta.url), await renderAdamModule())
  console.log(`${adamFile} is written`)
}
