/**
 * On a cross-origin isolated page tfjs takes its threaded build, whose workers get their program as text out of the bundle. One thread must not load it;
 * several must start, minified as a page is for production.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import { findChromium } from '../../../scripts/chromium.mjs'
import { reportMissing } from '../../../test/devices/required.ts'
import { declareScriptDir } from '../src/threaded-loader.ts'

const source = JSON.stringify(new URL('../src/wasm.ts', import.meta.url).pathname)
const wasmFolder = join(
  dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
  'dist',
)

/** A page that makes the engine with the threads that its address names, and says in its title what came of it. */
const program = `import { makeWasmEngine } from ${source}
  const asked = new URLSearchParams(location.search)
  makeWasmEngine({ threads: Number(asked.get('threads')), wasmPaths: asked.get('paths') })().then((made) => {
    document.title = made._tag === 'Right' ? 'made: ' + made.right.describe : 'not made: ' + made.left.reason
  })`

const pageCode = async (): Promise<string> => {
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
      rolldownOptions: { input: 'program', output: { codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput
  return result.output[0].code
}

/** Serve the page, its program and tfjs's binaries, isolated; tell which binaries were asked for. */
const servePage = async (code: string) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const isBinary = existsSync(join(wasmFolder, pathname)) && pathname.endsWith('.wasm')
    const [type, body] = isBinary
      ? ['application/wasm', readFileSync(join(wasmFolder, pathname))]
      : pathname === '/page.js'
        ? ['text/javascript', code]
        : [
            'text/html',
            '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
          ]
    if (isBinary) asked.push(pathname.slice(1))
    response.writeHead(pathname.startsWith('/missing/') ? 404 : 200, {
      'content-type': `${type}`,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return { asked, server, address: `http://localhost:${(server.address() as AddressInfo).port}/` }
}

const executablePath = findChromium()
if (executablePath === undefined)
  reportMissing('chromium', 'none was found; run node scripts/chromium.mjs, or set CHROME_PATH')

test.skipIf(executablePath === undefined)(
  'the engine is made on an isolated page, by one thread and by several, or says where its binary was looked for',
  async () => {
    const { asked, server, address } = await servePage(await pageCode())
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--no-first-run'],
    })
    try {
      for (const [threads, binary] of [
        [1, 'tfjs-backend-wasm-simd.wasm'],
        [2, 'tfjs-backend-wasm-threaded-simd.wasm'],
      ] as const) {
        const page = await browser.newPage()
        // tfjs takes at most half of the processors.
        await page.addInitScript("Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 })")
        const errors: string[] = []
        page.on('pageerror', (error) => errors.push(error.message))
        await page.goto(`${address}?threads=${threads}&paths=/`)
        expect(await page.evaluate('crossOriginIsolated')).toBe(true)
        await page.waitForFunction('document.title.includes("made")', undefined, { timeout: 60_000 })
        expect(await page.title()).toMatch(new RegExp(`^made: TensorFlow\\.js.*, ${threads} thread`))
        expect(errors).toEqual([])
        expect(asked.splice(0)).toEqual([binary])
        await page.close()
      }
      for (const [threads, paths, found] of [
        [1, '/missing/', 'it answers with status 404'],
        [2, '/every-path-is-the-page/', 'what is there is no WebAssembly, but text/html'],
      ] as const) {
        const page = await browser.newPage()
        await page.goto(`${address}?threads=${threads}&paths=${paths}`)
        await page.waitForFunction('document.title.includes("made")', undefined, { timeout: 60_000 })
        const binary = `tfjs-backend-wasm-${threads === 2 ? 'threaded-' : ''}simd.wasm`
        expect(await page.title()).toContain(
          `${binary} was looked for at ${address}${paths.slice(1)}${binary}: ${found}`,
        )
        await page.close()
      }
    } finally {
      await browser.close()
      server.close()
    }
  },
)

test('the loader declares the variable that it expects around it, whatever a bundler calls it', () => {
  const loader =
    'var WasmBackendModuleThreadedSimd = function(M){f({"urlOrBlob":M["mainScriptUrlOrBlob"]||_scriptDir})}'
  expect(declareScriptDir(loader)).toBe(`var _scriptDir;${loader}`)
  const minified = 'var WasmBackendModuleThreadedSimd = function(t){f({urlOrBlob:t.mainScriptUrlOrBlob||e})}'
  expect(declareScriptDir(minified)).toBe(`var e;${minified}`)
  expect(declareScriptDir('var WasmBackendModuleThreadedSimd = 1')).toBe(
    'var WasmBackendModuleThreadedSimd = 1',
  )
})
