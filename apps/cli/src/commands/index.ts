/** Every command by its name, in the order of the help. Each is loaded when it is asked for: a list of runs needs no figures of the paper. */
import type { Command } from '../command.ts'

const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import('./train.ts')).train,
  sweep: async () => (await import('./sweep.ts')).sweep,
  worker: async () => (await import('./worker.ts')).worker,
  reproduce: async () => (await import('./reproduce.ts')).reproduce,
  report: async () => (await import('./report.ts')).report,
  runs: async () => (await import('./runs/runs.ts')).runs,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  pack: async () => (await import('./pack.ts')).packCommand,
  unpack: async () => (await import('./unpack.ts')).unpack,
  info: async () => (await import('./info.ts')).info,
  export: async () => (await import('./export.ts')).exportCommand,
  profile: async () => (await import('./profile.ts')).profile,
  decompose: async () => (await import('./decompose.ts')).decomposeCommand,
  trace: async () => (await import('./trace.ts')).trace,
  doctor: async () => (await import('./doctor.ts')).doctor,
  verify: async () => (await import('./verify.ts')).verify,
  list: async () => (await import('./list.ts')).list,
}

/** The commands that a call needs: the one that its first word names, or all, for the help and for suggestions. */
export const commandsFor = async ([first]: readonly string[]): Promise<readonly Command[]> => {
  const named = first !== undefined && Object.hasOwn(loaders, first) ? loaders[first] : undefined
  return named === undefined ? Promise.all(Object.values(loaders).map((load) => load())) : [await named()]
}
