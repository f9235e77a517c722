/**
 * The engines of this package that run in pages, by name; the code of each is loaded when it is wanted.
 *
 * TensorFlow's own runtime (`@laperm/engine-tfjs/tensorflow`) is not among them: a bundler for pages follows every `import()` of a table.
 */
import type { WebGpuOptions } from '@laperm/backend-webgpu'
import type { Engine, EngineError } from '@laperm/engine'
import type { either as E } from 'fp-ts'
import type { WasmEngineOptions } from './wasm.ts'
import type { WebGlEngineOptions } from './webgl.ts'

/** What each engine computes on, for people; the one that every browser has first. */
export const pageEngineTitles = { wasm: 'WebAssembly', webgl: 'WebGL', webgpu: 'WebGPU' } as const

/** `wasm`, `webgl` or `webgpu`. */
export type PageEngineName = keyof typeof pageEngineTitles

/** All names, in the order of {@link pageEngineTitles}. */
export const pageEngineNames = Object.keys(pageEngineTitles) as readonly PageEngineName[]

/** Options of all of them; each engine takes what it knows of. */
export interface PageEngineOptions extends WasmEngineOptions, WebGlEngineOptions, WebGpuOptions {}

/** Loads an engine's code and makes the engine. `Left` says why it cannot run here; it rejects where its code cannot be loaded. */
export type PageEngineLoader = (options: PageEngineOptions) => Promise<E.Either<EngineError, Engine>>

/** The loader of every engine that runs in pages. */
export const pageEngineLoaders: Readonly<Record<PageEngineName, PageEngineLoader>> = {
  wasm: async (options) => (await import('./wasm.ts')).makeWasmEngine(options)(),
  webgl: async (options) => (await import('./webgl.ts')).makeWebGlEngine(options)(),
  webgpu: async (options) => (await import('./webgpu.ts')).makeWebGpuEngine(options)(),
}
