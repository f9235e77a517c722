/** `npm run build`: compile every package and the demo's site, and bundle what pages without a bundler load. */
import { build, buildBundlesForPages } from './setup.mjs'

build()
buildBundlesForPages()
