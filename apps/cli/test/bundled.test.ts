/**
 * Packages that start workers, in a program that somebody bundled to CommonJS: importing them throws nothing, a worker that is not there says where it was
 * looked for, and one whose package's folder is named runs.
 */
import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
  const packages = process.argv[2] + '/'
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

    const engine = await makeOnnxEngine({ threads: 1, packageFolder: packages + 'engine-onnx' })()
    console.log('told: ' + engine.right.name)
    const source = makeBatchSource({ ...job, worker: true, packageFolder: packages + 'data' })
    console.log('told: batch of ' + (await source.next()).size)
    await source.dispose()
    const host = makeH5Host({ packageFolder: packages + 'formats' })
    const refused = await readTensors(bytesSource('a.h5', h5), { openH5: host.openH5 })()
    console.log('told: ' + renderCorruptFile(refused.left))
    await host.close()
  }
  main()
`

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('bundled to CommonJS, packages are imported, and say what to do where a worker is missing', async () => {
  const folder = makeTemporaryFolder('laperm-bundled-')
  writeFileSync(join(folder, 'main.mjs'), program)
  // ONNX Runtime is native, and beside the program as anywhere.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
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
  const printed = execFileSync(process.execPath, [join(folder, 'bundle.cjs'), join(root, 'packages')], {
    encoding: 'utf8',
  })
  expect(printed).toMatch(
    /^engine-onnx: worker\.js .*was looked for at \/.*Leave @laperm\/engine-onnx external/m,
  )
  expect(printed).toMatch(
    /^data: batch-worker\.js of @laperm\/data was looked for at \/.*Leave @laperm\/data external/m,
  )
  expect(printed).toMatch(
    /^formats: .*h5-worker\.js of @laperm\/formats.*Leave @laperm\/formats and h5wasm external/m,
  )
  expect(printed).toMatch(/^batch of 5$/m)
  expect(printed).toMatch(/^told: onnx$/m)
  expect(printed).toMatch(/^told: batch of 5$/m)
  // The thread has run, and says of this file what libhdf5 does.
  expect(printed).toMatch(/^told: a\.h5: expected HDF5 that can be read/m)
})
