/** tfjs's tensors on its active backend, for proofs of operations on them. */
export { tensorMemory } from '@laperm/engine-tfjs'
