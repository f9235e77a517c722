/** What only Node can: files on disk as sources of bytes, and HDF5 in a thread that can be ended. */
export { openFileSource } from './node/file-source.ts'
export { type H5Host, type H5HostOptions, makeH5Host } from './node/h5-host.ts'
export { type OpenWeightFile, openWeightFile } from './node/open-weight-file.ts'
