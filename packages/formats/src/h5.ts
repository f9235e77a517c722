/** Writing Keras's .h5: an entry of its own, since it brings libhdf5. Reading it is `readTensors`'s, as of every format. */
export { encodeKerasH5 } from './keras/write-keras-h5.ts'
