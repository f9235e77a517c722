/** The two kernels: where each is written, as what constant, and whether threads share its memory. */
export const kernels: readonly { readonly file: string; readonly name: string; readonly isShared: boolean }[]
/** The WebAssembly module that assembly/ compiles to. */
export const compileKernel: (isShared: boolean) => Promise<Uint8Array>
/** The text of a kernel's file. */
export const renderKernelModule: (name: string, binary: Uint8Array) => string
