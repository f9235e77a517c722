/** How this program loads what a run needs. */
import type { ExecutionOptions } from '@laperm/runs'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { engineNamed, type KnownEngine, loadEngine } from './engines.ts'
import type { Failure } from './failure.ts'
import type { DataFlags, OutputFlags } from './flags.ts'
import { loadData } from './load-data.ts'
import type { Terminal } from './terminal.ts'

/** The loaders that a run is executed with. */
export const loadersOf = (
  flags: DataFlags & OutputFlags,
  terminal: Terminal,
): Pick<ExecutionOptions<Failure>, 'loadEngine' | 'loadData' | 'loadRankInto'> => ({
  loadEngine: ({ engine, threads }) =>
    F.pipe(
      TE.fromEither<Failure, KnownEngine>(engineNamed(engine)),
      TE.flatMap((known) => loadEngine(known, threads, terminal.environment)),
    ),
  loadData: ({ dataset, limit, testLimit }, source) =>
    loadData(
      { dataset, limit, testLimit, source, offline: flags.offline ?? false, quiet: flags.quiet ?? false },
      terminal,
    ),
  loadRankInto: async () => {
    const { makeWasmBackend } = await import('@laperm/backend-wasm')
    const made = await makeWasmBackend()()
    return E.isRight(made) ? made.right.wasmSync.rankInto : undefined
  },
})
