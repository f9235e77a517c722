/** Whether a GPU may be a program on the CPU (SwiftShader, llvmpipe): only where somebody says so. */
import type { Terminal } from './terminal.ts'

export const allowsSoftwareGpu = (environment: Terminal['environment']): boolean =>
  environment['LAPERM_SOFTWARE_GPU'] === '1'
