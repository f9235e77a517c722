/** Writing .npz, for `numpy.load`; reading its weights is `readTensors`'s, as of every format. Its members are here for arrays that are no weights. */
export { encodeNpz } from './numpy/write-npz.ts'
export { openZip, type ZipMember } from './zip/zip-archive.ts'
