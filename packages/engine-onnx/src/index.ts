export { makeOnnxEngine, type OnnxEngineOptions } from './engine.ts'
