/** The page of pages.test.ts: a visitor's file by the package's one entry. */
import { blobSource, readTensors } from '../src/index.ts'

const read = (file: File): ReturnType<ReturnType<typeof readTensors>> =>
  readTensors(blobSource(file.name, file))()

Object.assign(globalThis, { read })
