/** Where the parsing of a model begins. */
import { makeLayerParser } from './parse-layer.ts'
import type { Place } from './place.ts'

/** The model itself. */
export const rootPlace = (model: string): Place => ({
  model,
  path: '',
  depth: 0,
  parseLayer: makeLayerParser(),
})
