/** A thread that reads HDF5 files which it is handed, so that a libhdf5 that a damaged file has broken can be thrown away. */
import { parentPort } from 'node:worker_threads'
import { bytesSource, readTensors } from '@laperm/formats'

/** What reading gave: words of a refusal, or null where all is well-formed. @throws Error where it is neither. */
const read = async ({ file, bytes }) => {
  const opened = await readTensors(bytesSource(file, bytes))()
  if (opened._tag === 'Left') return opened.left
  const { tensors, close } = opened.right
  let refusal = null
  if (new Set(tensors.map(({ name }) => name)).size !== tensors.length) throw new Error('a name occurs twice')
  for (const { name, shape, read } of tensors) {
    const values = await read()
    if (values._tag === 'Left') refusal = values.left
    else if (values.right.length !== shape.reduce((product, axis) => product * axis, 1))
      throw new Error(`'${name}' [${shape.join(', ')}] has ${values.right.length} values`)
  }
  close()
  return refusal
}

parentPort.on('message', async (task) => {
  try {
    parentPort.postMessage({ refusal: await read(task) })
  } catch (error) {
    parentPort.postMessage({ thrown: String(error?.stack ?? error) })
  }
})
