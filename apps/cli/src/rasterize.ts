/** An SVG of ours as PNG, by resvg compiled to WebAssembly and one font, so that a picture is the same on every machine. Loaded when it is wanted. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const fonts = [
  require.resolve('@fontsource/inter/files/inter-latin-400-normal.woff2'),
  require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff2'),
]

let ready: Promise<typeof import('@resvg/resvg-wasm')> | undefined

const load = async (): Promise<typeof import('@resvg/resvg-wasm')> => {
  const resvg = await import('@resvg/resvg-wasm')
  await resvg.initWasm(await readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')))
  return resvg
}

/**
 * Draw an SVG as PNG.
 *
 * @param svg in one theme: a program that draws for nobody knows no reader's.
 * @param width in pixels; the height follows.
 */
export const rasterize = async (svg: string, width: number): Promise<Uint8Array> => {
  ready ??= load()
  const { Resvg } = await ready
  const fontBuffers = await Promise.all(fonts.map((path) => readFile(path)))
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: { fontBuffers, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
  })
  try {
    return drawing.render().asPng()
  } finally {
    drawing.free()
  }
}
