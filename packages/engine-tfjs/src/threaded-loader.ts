/**
 * tfjs's threaded WebAssembly build in a bundle.
 *
 * tfjs hands its threads the loader as text: a function's source, in a `Blob`. A minifier knows that `_scriptDir`, declared around that function, exists, and
 * drops the question whether it does; alone in a thread the name is unknown, the thread dies, and the backend is never ready. So the text is made to declare it.
 */

const loaderStart = 'var WasmBackendModuleThreadedSimd = '

/** The loader's text with the variable declared that it expects around it, whatever a bundler calls it. */
export const declareScriptDir = (loader: string): string => {
  const name = /mainScriptUrlOrBlob"?\]?\s*\|\|\s*([\w$]+)/.exec(loader)?.[1]
  return name === undefined ? loader : `var ${name};${loader}`
}

/** Do `load` while every `Blob` of tfjs's loader is made of the mended text; other Blobs are what they were. */
export const withThreadedLoader = async <A>(load: () => Promise<A>): Promise<A> => {
  const { Blob: Original } = globalThis
  class LoaderBlob extends Original {
    constructor(parts: BlobPart[] = [], options: BlobPropertyBag = {}) {
      super(
        parts.map((part) =>
          typeof part === 'string' && part.startsWith(loaderStart) ? declareScriptDir(part) : part,
        ),
        options,
      )
    }
  }
  globalThis.Blob = LoaderBlob
  try {
    return await load()
  } finally {
    globalThis.Blob = Original
  }
}
