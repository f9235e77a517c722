/** `npm run setup:tensorboard`: TensorBoard's own reader, for the test that reads back what @laperm/runs writes for it. */
import { join } from 'node:path'
import { root } from './packages.mjs'
import { installPip } from './pip-folder.mjs'

const runs = join(root, 'packages', 'runs')
installPip({
  name: 'TensorBoard',
  requirements: join(runs, 'test', 'tensorboard', 'requirements.txt'),
  target: join(runs, '.tensorboard'),
})
