/** `npm run build`: compile every package and the demo's site. */
import { build } from './setup.mjs'

build()
