/** Files of weights: bytes to named tensors and back, in pages and in Node. */
export {}
