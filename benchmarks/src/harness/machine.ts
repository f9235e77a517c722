/** What a figure was measured on. A figure without its machine says nothing. */
import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'

/** The machine and the runtime. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly v8: string
  readonly features: readonly string[]
  readonly date: string
}

const cpuFeatures = (): readonly string[] => {
  try {
    const flags = /^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' ') ?? []
    return ['avx2', 'avx512f', 'avx512_vnni', 'amx_tile'].filter((flag) => flags.includes(flag))
  } catch {
    return []
  }
}

/** Read this machine. */
export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()} ${arch()}`,
  node: process.versions.node,
  v8: process.versions.v8,
  features: cpuFeatures(),
  date: new Date().toISOString().slice(0, 10),
})

/** One line for people. */
export const renderMachine = (machine: Machine): string =>
  `${machine.cpu}, ${machine.cores} cores (${machine.features.join(', ') || 'no vector extensions known'}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, ${machine.date}`
