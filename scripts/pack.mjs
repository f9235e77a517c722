/**
 * Every public package as a tarball in one folder, `packed`, for whoever installs LaPerm from a checkout: `npm run pack`, or `npm run pack --
 * --all-machines` to pack ONNX Runtime for every system and processor.
 */
import { join } from 'node:path'
import { packEverything } from './pack-everything.mjs'
import { root } from './packages.mjs'

console.log(packEverything(process.argv.includes('--all-machines')).join('\n'))
const packed = join(root, 'packed')
console.log(`
Elsewhere, all of it:   npm install ${packed}/*.tgz
or what you need of it: npm install ${packed}/laperm-core-*.tgz`)
