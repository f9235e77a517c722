/** Where the kernel is written. */
export const kernelFile: string
/** The WebAssembly module that assembly/ compiles to. */
export const compileKernel: () => Promise<Uint8Array>
/** The text of the kernel's file. */
export const renderKernelModule: (binary: Uint8Array) => string
