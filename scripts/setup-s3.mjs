/** `npm run setup:s3`: moto's server, which speaks the protocol of S3, for the tests of stores on S3. */
import { join } from 'node:path'
import { root } from './packages.mjs'
import { installPip } from './pip-folder.mjs'

const store = join(root, 'packages', 'store-s3')
installPip({
  name: "moto's S3 server",
  requirements: join(store, 'test', 'server', 'requirements.txt'),
  target: join(store, '.moto'),
})
