/** The WebAssembly module that assembly/ compiles to. */
export const compileKernel: () => Promise<Uint8Array>
/** The text of src/kernel-binary.ts for a module. */
export const renderKernelModule: (binary: Uint8Array) => string
