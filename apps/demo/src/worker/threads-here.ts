/** How many threads tfjs's WebAssembly gets in this browser. */
import { demoModels, type ModelName } from '../settings/demo-models.ts'

/** tfjs's own limit, and its share of the cores: on two cores it takes one thread whatever it is asked for. */
const [mostThreads, coresPerThread] = [4, 2]

/** Threads share memory, which browsers give to cross-origin isolated pages only. */
export const threadsHere = (): number =>
  self.crossOriginIsolated
    ? Math.max(1, Math.min(mostThreads, Math.floor(navigator.hardwareConcurrency / coresPerThread)))
    : 1

/**
 * Threads for a network. The products of dense layers take microseconds, less than threads need to wait for each other; one thread
 * also takes the build without threads, which starts sooner. tfjs loads one build a worker: its first network decides.
 */
export const threadsFor = (model: ModelName): number =>
  demoModels[model].isConvolutional ? threadsHere() : 1
