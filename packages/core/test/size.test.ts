/** What core costs whoever bundles it: bytes, minified and compressed by gzip, and nothing of fp-ts's modules, which load slower than all of core. */
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'

const core = new URL('../src/index.ts', import.meta.url).pathname

/** A program, bundled for production: its compressed size and the modules in it. */
const bundle = async (program: string) => {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@laperm/source'] },
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === 'program' ? '\0program' : undefined),
        load: (id) => (id === '\0program' ? program : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input: 'program', preserveEntrySignatures: 'strict', output: { format: 'es' } },
    },
  })) as Rolldown.RolldownOutput
  const [chunk] = result.output
  return { bytes: gzipSync(chunk.code, { level: 9 }).length, modules: Object.keys(chunk.modules) }
}

test('all of core is under 15 kB, without fp-ts', async () => {
  const { bytes, modules } = await bundle(`export * from ${JSON.stringify(core)}`)
  expect(modules.filter((id) => id.includes('fp-ts'))).toEqual([])
  expect(modules.length).toBeGreaterThan(40)
  expect(bytes).toBeLessThan(15_000)
})

test('sort and sync alone are under 5 kB', async () => {
  const { bytes, modules } = await bundle(`export { sort, sync } from ${JSON.stringify(core)}`)
  expect(modules.some((id) => id.endsWith('operations/sync.ts'))).toBe(true)
  expect(bytes).toBeLessThan(5_000)
})
