/**
 * LaPerm's engine on TensorFlow.js. This entry knows no backend; `@laperm/engine-tfjs/wasm`, `/webgl`, `/webgpu` and `/tensorflow` each
 * load theirs.
 */
export { makeHostTensorOperations } from './host-tensors.ts'
export {
  makeTensorOptimizer,
  type ParameterUpdate,
  type TensorOptimizer,
  type Updated,
} from './inner-update.ts'
export { makeTfjsEngine, type TfjsEngineOptions } from './make-tfjs-engine.ts'
export { tensorMemory } from './tensor-memory.ts'
