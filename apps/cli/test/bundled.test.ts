/**
 * Packages that start workers, in a program that somebody bundled to CommonJS: importing them throws nothing, and a worker that is not there says so.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'

const program = `
  import '@laperm/backend-node'
  import { makeDigits, makeNormalizer } from '@laperm/data'
  import { makeBatchSource } from '@laperm/data/node'
  import { bytesSource, readTensors, renderCorruptFile } from '@laperm/formats'
  import { makeH5Host } from '@laperm/formats/node'
  import { makeOnnxEngine } from '@laperm/engine-onnx'
  import '@laperm/engine-tfjs/wasm'
  const { train, inputShape } = makeDigits(1, { train: 10, test: 10 })
  const { statistics } = makeNormalizer('unit', train, inputShape)
  const job = { examples: train, inputShape, normalization: statistics, batchSize: 5, seed: 1, firstEpoch: 0, firstBatch: 0, endEpoch: 1 }
  const main = async () => {
    const made = await makeOnnxEngine({ threads: 1 })()
    console.log('engine-onnx: ' + made.left.reason + '. ' + made.left.remedy.text)
    try { makeBatchSource({ ...job, worker: true }) } catch (error) { console.log('data: ' + error.message) }
    const inline = makeBatchSource({ ...job, worker: false })
    const h5 = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)
    const read = await readTensors(bytesSource('a.h5', h5), { openH5: makeH5Host().openH5 })()
    console.log('formats: ' + renderCorruptFile(read.left))
    console.log('batch of ' + (await inline.next()).size)
  }
  main()
`

test('bundled to CommonJS, packages are imported, and say that they are to be left external where a worker is missing', async () => {
  const folder = makeTemporaryFolder('laperm-bundled-')
  writeFileSync(join(folder, 'main.mjs'), program)
  await build({
    root: new URL('..', import.meta.url).pathname,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'from this package',
        resolveId(id, importer) {
          return importer?.startsWith(folder) && !id.startsWith(folder)
            ? this.resolve(id, import.meta.filename)
            : undefined
        },
      },
    ],
    ssr: { noExternal: true },
    build: {
      outDir: folder,
      emptyOutDir: false,
      ssr: join(folder, 'main.mjs'),
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'bundle.cjs', codeSplitting: false } },
    },
  })
  const printed = execFileSync(process.execPath, [join(folder, 'bundle.cjs')], { encoding: 'utf8' })
  expect(printed).toMatch(/^engine-onnx: .*is not beside the program.*Leave @laperm\/engine-onnx external/m)
  expect(printed).toMatch(
    /^data: batch-worker\.js of @laperm\/data is not beside the program.*Leave @laperm\/data external/m,
  )
  expect(printed).toMatch(
    /^formats: .*h5-worker\.js of @laperm\/formats beside.*Leave @laperm\/formats and h5wasm external/m,
  )
  expect(printed).toContain('batch of 5')
})
