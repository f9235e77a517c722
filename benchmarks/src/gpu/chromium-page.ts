/** The benchmark's page in a real Chromium: on the machine's GPU where it has one, on SwiftShader otherwise. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ZooName } from '@laperm/models'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import type { StartedDevice } from './start-device.ts'

const here = dirname(fileURLToPath(import.meta.url))
const scripts = join(here, '..', '..', '..', 'scripts')

type GraphicsApi = 'webgl' | 'webgpu'
type GraphicsDevice = 'hardware' | 'software'

/** A device inside a page. */
export interface PageDevice extends StartedDevice {
  /** Whether it is a renderer on the CPU, because Chromium gave nothing else. */
  readonly isSoftware: boolean
  readonly close: () => Promise<void>
}

/** The path that `scripts/chromium.mjs` finds, or installs where it can. */
const findChromium = (): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(scripts, 'chromium.mjs')], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`no Chromium: ${stderr.trim().split('\n')[0]}`)
  return stdout.trim().split('\n').at(-1) ?? ''
}

/** Plain JavaScript, shared with the tests, which TypeScript's project of the benchmarks does not reach. */
const { graphicsFlags, isSoftware } = (await import(
  pathToFileURL(join(scripts, 'graphics-flags.mjs')).href
)) as {
  graphicsFlags: (device: GraphicsDevice, api: GraphicsApi) => readonly string[]
  isSoftware: (device: string) => boolean
}

const bundle = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      rolldownOptions: { input: join(here, 'page.js'), output: { codeSplitting: false, format: 'es' } },
    },
  })
  if (!('output' in built)) throw new Error('the page was not built in one piece')
  return built.output[0].code
}

const openWith = async (
  wanted: GraphicsDevice,
  executablePath: string,
  code: string,
  asked: { readonly api: GraphicsApi; readonly network: ZooName },
): Promise<PageDevice> => {
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: [
      ...graphicsFlags(wanted, asked.api),
      '--no-first-run',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    // localhost is a secure context, which WebGPU demands; the route answers before any socket is opened.
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/page.js') return route.fulfill({ contentType: 'text/javascript', body: code })
      if (pathname !== '/') return route.abort()
      const body = '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>'
      return route.fulfill({ contentType: 'text/html', body })
    })
    await page.goto('http://localhost/', { waitUntil: 'load' })
    const call = (name: string, argument?: unknown): Promise<unknown> =>
      page.evaluate(
        ([name, argument]) =>
          (globalThis as unknown as { laperm: Record<string, (argument: unknown) => unknown> }).laperm[
            name as string
          ](argument),
        [name, argument],
      )
    const { device, names } = (await call('start', {
      ...asked,
      allowSoftware: wanted === 'software',
    })) as Pick<StartedDevice, 'device' | 'names'>
    return {
      device: `${device}, Chromium ${browser.version()}`,
      isSoftware: isSoftware(device),
      names,
      run: async (name) => Number(await call('run', name)),
      firstDifferent: async () => ((await call('firstDifferent')) as string | null) ?? undefined,
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}

/** Open the page and start a backend in it. Rejects with the reason where Chromium or the backend is missing. */
export const openPageDevice = async (api: GraphicsApi, network: ZooName): Promise<PageDevice> => {
  const executablePath = findChromium()
  const code = await bundle()
  try {
    return await openWith('hardware', executablePath, code, { api, network })
  } catch {
    return await openWith('software', executablePath, code, { api, network })
  }
}
