/** Writing .npz, for `numpy.load`. Reading it is `readTensors`'s, as of every format. */
export { encodeNpz } from './numpy/write-npz.ts'
