export { makeOnnxEngine, type OnnxEngineOptions } from './engine.ts'
export { ExecutionFailed, WorkerDied } from './host/worker-link.ts'
