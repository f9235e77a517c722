/** Whether a GPU may be a program on the CPU (SwiftShader, llvmpipe): only where somebody says so. */
import type { Terminal } from './terminal.ts'

/** The environment variable that allows it. */
export const softwareGpuVariable = 'LAPERM_SOFTWARE_GPU'

export const allowsSoftwareGpu = (environment: Terminal['environment']): boolean =>
  environment[softwareGpuVariable] === '1'
