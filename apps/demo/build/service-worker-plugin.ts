/** Puts `service-worker.js` into the built site, with the list of what it keeps from the first visit on. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Not part of the first load: GPUs, the proofs, the benchmark, and tfjs's WebAssembly for browsers without SIMD or with threads. */
const onDemand =
  /^(webgl|webgpu|verify-worker|own-backend-worker|measure-worker|tfjs-backend-wasm(-threaded-simd)?)-[\w-]{8}\./
/** Kept when it is first used and not before: of these a browser needs at most one. */
const onUse = /tfjs-backend-wasm(-threaded-simd)?-[\w-]{8}\.wasm$/

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

/**
 * Every file that is reached from the page without asking for one of {@link onDemand}: chunks name each other, and the files that they load,
 * in their text.
 */
const keptFiles = (texts: ReadonlyMap<string, string>): readonly string[] => {
  const byName = new Map([...texts.keys()].map((file) => [nameOf(file), file]))
  const kept = new Set<string>()
  const visit = (file: string): void => {
    if (kept.has(file)) return
    kept.add(file)
    for (const [name] of (texts.get(file) ?? '').matchAll(/[\w.-]+\.(?:js|css|wasm)\b/g)) {
      const next = byName.get(name)
      if (next !== undefined && !onDemand.test(name)) visit(next)
    }
  }
  visit('index.html')
  kept.delete('index.html')
  return ['./', ...kept]
}

export const serviceWorkerPlugin = (): Plugin => ({
  name: 'laperm-service-worker',
  apply: 'build',
  generateBundle: {
    // After the page itself has been put into the bundle.
    order: 'post',
    handler(_, bundle) {
      const texts = new Map<string, string>()
      const version = createHash('sha256')
      for (const file of Object.keys(bundle).sort()) {
        const part = bundle[file]
        const content = part.type === 'chunk' ? part.code : part.source
        version.update(file).update(content)
        texts.set(
          file,
          typeof content === 'string'
            ? content
            : file.endsWith('.js')
              ? new TextDecoder().decode(content)
              : '',
        )
      }
      const files = keptFiles(texts)
      if (!files.some((file) => /tfjs-backend-wasm-simd/.test(file)))
        this.error(`the service worker would not keep the WebAssembly backend: only ${files.join(', ')}`)
      // What the page offers without a network it has kept, once there was time for it.
      const rest = [...texts.keys()].filter(
        (file) => /\.(js|wasm)$/.test(file) && !files.includes(file) && !onUse.test(file),
      )
      this.emitFile({
        type: 'asset',
        fileName: 'service-worker.js',
        source: readFileSync(new URL('./service-worker.js', import.meta.url), 'utf8')
          .replace('__VERSION__', version.digest('hex').slice(0, 16))
          .replace('__FILES__', JSON.stringify(files))
          .replace('__REST__', JSON.stringify(rest)),
      })
    },
  },
})
