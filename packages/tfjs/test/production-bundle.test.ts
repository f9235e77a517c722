/**
 * A production bundle that loads what it saved: bundlers drop modules whose imports nobody uses, and registering with tfjs is such an import.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../../../test/temporary-folder.ts'

const entry = JSON.stringify(new URL('../src/index.ts', import.meta.url).pathname)
const core = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'))
const registered = `import { serialization } from '@tensorflow/tfjs-core'
  const { classNameMap } = serialization.SerializationMap.getMap()
  console.log(['LaPerm', 'Lookahead'].filter((name) => name in classNameMap).join())`

test.each([
  ['a bare import', `import ${entry}`],
  ['an import of one name', `import { lookahead } from ${entry}; globalThis.kept = lookahead`],
  ['an import of everything', `import * as all from ${entry}; globalThis.kept = all`],
])('%s registers both optimizers', async (_, program) => {
  const folder = makeTemporaryFolder('laperm-bundle-')
  writeFileSync(join(folder, 'main.mjs'), `${program}\n${registered}`)
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, resolve: { conditions: ['@laperm/source', 'module'] } },
    resolve: { alias: { '@tensorflow/tfjs-core': core } },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      ssr: join(folder, 'main.mjs'),
      rolldownOptions: { output: { entryFileNames: 'bundle.mjs' } },
    },
  })
  const printed = execFileSync(process.execPath, [join(folder, 'bundle.mjs')], { encoding: 'utf8' })
  expect(printed.trim()).toBe('LaPerm,Lookahead')
})
