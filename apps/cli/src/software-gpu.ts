/** Whether a GPU may be a program on the CPU (SwiftShader, llvmpipe): only where somebody says so. */
import type { Terminal } from './terminal.ts'

const variable = 'LAPERM_SOFTWARE_GPU'

export const allowsSoftwareGpu = (environment: Terminal['environment']): boolean =>
  environment[variable] === '1'

/** A remedy for those who call functions, for those who type commands. */
export const remedyOnCommandLine = (remedy: string): string =>
  remedy
    .replaceAll(
      /pass \{ allowSoftware: true \}/gi,
      (pass) => `${pass[0] === 'P' ? 'S' : 's'}et ${variable}=1`,
    )
    .replaceAll('@laperm/backend-wasm', 'the wasm one')
