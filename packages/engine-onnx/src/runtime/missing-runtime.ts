/** What to do where ONNX Runtime could not be loaded. */
import { runtimePackage } from './load-onnxruntime.ts'

/** Systems and processors that ONNX Runtime is built for. */
const built: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64']

/** Where a program runs, as Node names it. */
export interface Host {
  readonly platform: string
  readonly architecture: string
  /** Alpine Linux, say: its C library is musl, and ONNX Runtime wants glibc. */
  readonly hasMusl: boolean
}

/** Node's own report names the C library that it runs on, where that is glibc. */
const hasMusl = (): boolean => {
  if (process.platform !== 'linux') return false
  const report: unknown = process.report.getReport()
  if (typeof report !== 'object' || report === null || !('header' in report)) return false
  const { header } = report
  return typeof header === 'object' && header !== null && !('glibcVersionRuntime' in header)
}

const thisHost = (): Host => ({
  platform: process.platform,
  architecture: process.arch,
  hasMusl: hasMusl(),
})

/** The next step of whoever misses ONNX Runtime. */
export const missingRuntimeRemedy = ({ platform, architecture, hasMusl }: Host = thisHost()): string =>
  built.includes(`${platform}-${architecture}`) && !hasMusl
    ? `Run \`npm install ${runtimePackage(platform, architecture)}\`: npm leaves it out with --omit=optional, and where the lock file was written on another system.`
    : `ONNX Runtime has no build for ${platform} ${architecture}${hasMusl ? ' with musl' : ''} (it has for Linux with glibc and Windows on x64 and arm64, and for macOS on arm64): @laperm/engine-tfjs trains the same models on WebAssembly (laperm train --engine wasm).`
