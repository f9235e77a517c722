/** The header of NumPy's .npy, for whoever reads what follows it in a way of its own. Arrays are `readTensors`'s. */
export { mostNpyHeaderBytes, type NpyHeader, type NpyProblem, parseNpyHeader } from './numpy/npy-header.ts'
