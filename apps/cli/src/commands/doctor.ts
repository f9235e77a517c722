/** `laperm doctor`: what this machine has, and for each missing thing why and what to do. It changes nothing and downloads nothing. */
import { access, constants } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { datasets } from '@laperm/data'
import { loadDataset, systemRefusal } from '@laperm/data/node'
import { either as E } from 'fp-ts'
import { backendNames } from '../backends.ts'
import { defineCommand, type FlagValues } from '../command.ts'
import { engineNames } from '../engines.ts'
import { renderFailure } from '../failure.ts'
import { type DataFlags, dataFlags, outputFlags, toggle } from '../flags.ts'
import { formatCount } from '../format.ts'
import { cacheDirectory, dataSource } from '../load-data.ts'
import { shorten } from '../plain-text.ts'
import { crashText } from '../probes/crash-text.ts'
import { type Finding, type Found, probedNames } from '../probes/find-here.ts'
import { type ProbeDied, runProbe } from '../probes/run-probe.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { lapermVersion } from '../versions.ts'

/** What each engine and each backend is here. A driver that crashes or prints does so in a process of its own. */
const findAll = async (
  isVerbose: boolean,
  terminal: Terminal,
): Promise<Readonly<Record<'engines' | 'backends', readonly Finding[]>>> => {
  const probed = await Promise.all(
    probedNames.map(async (name) => ({ name, ...(await runProbe({ kind: 'find', name }, terminal)) })),
  )
  const found = new Map<string, Found>()
  for (const { name, outcome, printed } of probed) {
    if (isVerbose) for (const line of printed) terminal.err(`${name}: ${shorten(line, 2000)}`)
    const died = (failure: ProbeDied): Found => {
      const finding: Finding = { name, available: false, ...crashText(failure, printed) }
      return { engine: finding, backend: finding }
    }
    found.set(name, E.getOrElseW(died)(outcome))
  }
  return {
    engines: engineNames.flatMap((name) => found.get(name)?.engine ?? []),
    backends: backendNames.flatMap((name) => found.get(name)?.backend ?? []),
  }
}

const findDatasets = async (flags: DataFlags, terminal: Terminal): Promise<readonly Finding[]> => {
  const source = dataSource(flags, terminal.environment)
  const findings: Finding[] = []
  for (const { name, origin } of datasets) {
    const loaded = await loadDataset(name, {
      dataDir: source.dataDir ?? undefined,
      cacheDir: () => cacheDirectory(terminal.environment),
      acceptChecksum: source.acceptChecksum,
      offline: true,
      sizes: { train: 1, test: 1 },
    })()
    if (E.isRight(loaded)) {
      const { train, test, warnings } = loaded.right
      findings.push({
        name,
        available: true,
        detail:
          origin === 'drawn'
            ? 'drawn by LaPerm itself; needs no files'
            : [
                `${formatCount(train.count)} training and ${formatCount(test.count)} test images, verified`,
                ...warnings,
              ].join('; '),
      })
    } else if (loaded.left._tag === 'DataFileMissing')
      findings.push({
        name,
        available: false,
        detail: `${loaded.left.file} was not found in ${[...new Set(loaded.left.searched.map((path) => dirname(path)))].join(', ')}`,
        remedy:
          'It is downloaded when it is first trained on; or name a directory that has it: --data-dir or LAPERM_DATA_DIR.',
      })
    else
      findings.push({
        name,
        available: false,
        detail: renderFailure(loaded.left),
        remedy: 'Training on it fails with this message until the file is replaced or accepted.',
      })
  }
  return findings
}

/** Whether downloads can be kept: the directory, or the nearest one above it that exists, can be written. */
const findCache = async (directory: string | undefined): Promise<Finding> => {
  if (directory === undefined)
    return {
      name: 'none',
      available: false,
      detail: 'this user has no home directory',
      remedy: 'Name one in LAPERM_CACHE_DIR.',
    }
  const name = directory
  for (let path = directory; ; path = dirname(path)) {
    try {
      await access(path, constants.W_OK)
      return {
        name,
        available: true,
        detail: path === directory ? 'writable' : 'will be made when it is needed',
      }
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      if (!isMissing || path === dirname(path))
        return {
          name,
          available: false,
          detail: `cannot be written: ${systemRefusal(error) ?? String(error)}`,
          remedy: 'Name another one in LAPERM_CACHE_DIR.',
        }
    }
  }
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

const printFindings = (terminal: Terminal, title: string, findings: readonly Finding[]): void => {
  terminal.out('')
  terminal.out(title)
  for (const { name, available, detail, remedy } of findings) {
    terminal.out(`  ${available ? 'yes' : 'no '}  ${name}: ${detail}`)
    if (!available && remedy !== undefined && remedy !== '') terminal.out(`       ${remedy}`)
  }
}

const doctorFlags = {
  ...dataFlags,
  ...outputFlags,
  verbose: toggle('print on standard error what drivers print, too'),
}

const runDoctor = async (flags: FlagValues<typeof doctorFlags>, terminal: Terminal): Promise<ExitCode> => {
  const machine = {
    laperm: lapermVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
  }
  const { engines, backends } = await findAll(flags.verbose ?? false, terminal)
  if (terminal.signal.aborted) {
    terminal.err('stopped before everything was looked at; nothing was changed')
    return exitCodes.interrupted
  }
  const datasets = await findDatasets(flags, terminal)
  const cache = await findCache(await cacheDirectory(terminal.environment))
  if (flags.json === true) {
    terminal.out(JSON.stringify({ ...machine, engines, backends, datasets, cache }))
    return exitCodes.done
  }
  terminal.out(`laperm ${machine.laperm}, Node ${machine.node}, ${machine.platform}`)
  terminal.out(
    `${machine.processor}, ${machine.cores} cores, ${gibibytes(machine.memoryBytes)} of memory, ${gibibytes(machine.freeMemoryBytes)} free`,
  )
  printFindings(terminal, 'Engines (train networks)', engines)
  printFindings(terminal, 'Backends (synchronize weight vectors)', backends)
  printFindings(terminal, 'Data sets', datasets)
  printFindings(terminal, 'Cache directory', [cache])
  return exitCodes.done
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'what this machine has, and for each missing thing why and what to install',
  flags: doctorFlags,
  run: ({ flags }, terminal) => runDoctor(flags, terminal),
})
