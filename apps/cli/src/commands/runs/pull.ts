/** `laperm runs pull`: runs of a store as directories here. */
import { relative } from 'node:path'
import { escapeControls } from '@laperm/formats'
import { type PulledRun, pullRuns, renderRunError } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { defineCommand, type FlagValues } from '../../command.ts'
import { reportFailure } from '../../failure.ts'
import { outputFlags, text, toggle } from '../../flags.ts'
import { plural } from '../../format.ts'
import { usualDirectory } from '../../named-run.ts'
import { storeFlags } from '../../open-store.ts'
import { type ExitCode, exitCodes, type Terminal } from '../../terminal.ts'
import { meantBy, openGivenStore, unknownNames } from './stored-runs.ts'

const pullFlags = {
  ...storeFlags,
  out: text('<directory>', `where their directories go (default: ${usualDirectory})`),
  recordOnly: toggle('leave out weights and checkpoints'),
  json: outputFlags.json,
}

const lineOf = ({ stored, result }: PulledRun): string =>
  result.kind === 'failed'
    ? `failed   ${stored.name}: ${escapeControls(renderRunError(result.error))}`
    : `${result.kind === 'kept' ? 'is here  ' : 'fetched  '}${relative('', result.directory)}`

const runPull = async (
  names: readonly string[],
  flags: FlagValues<typeof pullFlags>,
  terminal: Terminal,
): Promise<ExitCode> => {
  const json = flags.json ?? false
  const opened = await openGivenStore(flags, terminal)
  if (E.isLeft(opened)) return reportFailure(terminal, json, opened.left)
  const store = opened.right
  try {
    const extent = flags.recordOnly === true ? 'record' : 'whole'
    const pulled = await pullRuns(store, flags.out ?? usualDirectory, { extent, isWanted: meantBy(names) })()
    if (E.isLeft(pulled)) return reportFailure(terminal, json, pulled.left)
    const runs = pulled.right
    const unknown = unknownNames(names, runs, store)
    if (unknown !== null) return reportFailure(terminal, json, unknown)
    if (json)
      terminal.out(
        JSON.stringify({ runs: runs.map(({ stored, result }) => ({ name: stored.name, ...result })) }),
      )
    else if (runs.length === 0) terminal.out(`no runs in ${store.name}`)
    else for (const run of runs) terminal.out(lineOf(run))
    const failed = runs.filter(({ result }) => result.kind === 'failed').length
    if (failed > 0) terminal.err(`laperm: ${plural(failed, 'run')} could not be fetched`)
    return failed > 0 ? exitCodes.failed : exitCodes.done
  } finally {
    await store.close()
  }
}

const notes = `
Examples
  $ laperm runs pull --store s3://bucket/runs                          every run, below ./runs
  $ laperm runs pull f1-digits-laperm-k20-s1-3f9c2a --store s3://bucket/runs --out here

What is here as far or further stays as it is; a run that somebody trains is fetched as far as its last checkpoint.`

export const pull = defineCommand({
  name: 'pull',
  summary: 'fetch runs out of a store that many machines share',
  argument: {
    name: 'run',
    isRequired: false,
    isRepeated: true,
    help: 'names of runs, as `laperm runs --store` lists them (default: all)',
  },
  flags: pullFlags,
  notes,
  run: ({ operands, flags }, terminal) => runPull(operands, flags, terminal),
})
