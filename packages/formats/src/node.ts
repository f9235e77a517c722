/** What only Node can: files on disk as sources of bytes. */
export { openFileSource } from './node/file-source.ts'
