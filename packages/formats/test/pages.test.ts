/** What a page downloads that reads weights: each reader comes with the first file that needs it. */
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions } from 'vite'
import { expect, test } from 'vitest'

const entry = fileURLToPath(new URL('./page.ts', import.meta.url))

test('a page that reads safetensors downloads neither libhdf5 nor a zip reader', async () => {
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'error',
    resolve: { conditions: ['@laperm/source', ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: { input: entry, output: { format: 'es' } },
    },
  })
  if (!('output' in built)) throw new Error('the page was not built in one go')
  const chunks = built.output.flatMap((file) => (file.type === 'chunk' ? [file] : []))
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const first = chunks.find(({ isEntry }) => isEntry)
  if (first === undefined) throw new Error('there is no entry')
  // With everything that the entry imports at once.
  const loaded = new Set<string>()
  const load = (name: string): void => {
    if (loaded.has(name)) return
    loaded.add(name)
    for (const other of byName.get(name)?.imports ?? []) load(other)
  }
  load(first.fileName)
  const modules = [...loaded].flatMap((name) => byName.get(name)?.moduleIds ?? [])
  expect(modules.some((id) => id.includes('open-safetensors'))).toBe(true)
  expect(modules.filter((id) => /h5wasm|zip\.js|onnx|tfjs|node:/.test(id))).toEqual([])
  // They are there, for the files that need them.
  const later = chunks.filter(({ fileName }) => !loaded.has(fileName)).flatMap(({ moduleIds }) => moduleIds)
  expect(later.some((id) => id.includes('h5wasm'))).toBe(true)
  expect(later.some((id) => id.includes('zip.js'))).toBe(true)
})
