/** `laperm doctor`: what this machine has, and for each missing thing why and what to do. It changes nothing and downloads nothing. */
import { access, constants } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { type Remedy, renderRemedy } from '@laperm/core'
import { datasetNames } from '@laperm/data'
import { loadDataset } from '@laperm/data/node'
import { renderEngineError } from '@laperm/engine'
import { either as E } from 'fp-ts'
import { backendInterfaces, backendKinds, backendNames } from '../backends.ts'
import { defineCommand } from '../command.ts'
import { engines, loadEngine } from '../engines.ts'
import { renderFailure } from '../failure.ts'
import { type DataFlags, dataFlags, type OutputFlags, outputFlags } from '../flags.ts'
import { formatCount } from '../format.ts'
import { cacheDirectory, dataSource } from '../load-data.ts'
import { unavailableRemedies } from '../remedies.ts'
import { type ExitCode, exitCodes, type Terminal } from '../terminal.ts'
import { lapermVersion } from '../versions.ts'

/** One thing that is there or not. `detail` says what it is, or why it is missing; `remedy` what to do about that. */
interface Finding {
  readonly name: string
  readonly available: boolean
  readonly detail: string
  readonly remedy?: string
}

const remedyText = (remedy: Remedy): string => renderRemedy(remedy, unavailableRemedies)

const findEngines = async (terminal: Terminal): Promise<readonly Finding[]> => {
  const built: Finding[] = []
  for (const known of engines) {
    const { name } = known
    const engine = await loadEngine(known, null, terminal.environment)()
    if (E.isRight(engine)) built.push({ name, available: true, detail: engine.right.describe })
    else {
      const error = engine.left
      built.push(
        error._tag === 'EngineUnavailable'
          ? { name, available: false, detail: error.reason, remedy: remedyText(error.remedy) }
          : { name, available: false, detail: renderEngineError(error) },
      )
    }
  }
  return built
}

/** Whether each backend can be made here, by making it. */
const findBackends = async (terminal: Terminal): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for (const name of backendNames) {
    const kind = backendKinds[name]
    const own = backendInterfaces.find(({ backend }) => backend === name)
    if (own === undefined) continue
    const made = await own.load(terminal.environment, ({ close }) => close)
    if (E.isLeft(made)) {
      const { reason, remedy } = made.left
      findings.push({ name, available: false, detail: `${kind}; ${reason}`, remedy: remedyText(remedy) })
    } else {
      made.right()
      findings.push({ name, available: true, detail: kind })
    }
  }
  return findings
}

const findDatasets = async (flags: DataFlags, terminal: Terminal): Promise<readonly Finding[]> => {
  const source = dataSource(flags, terminal.environment)
  const findings: Finding[] = []
  for (const name of datasetNames) {
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
          name === 'digits'
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
          detail: `cannot be written: ${error instanceof Error ? error.message : String(error)}`,
          remedy: 'Name another one in LAPERM_CACHE_DIR.',
        }
    }
  }
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

const printFindings = (terminal: Terminal, title: string, findings: readonly Finding[]): void => {
  terminal.out(`\n${title}`)
  for (const { name, available, detail, remedy } of findings) {
    terminal.out(`  ${available ? 'yes' : 'no '}  ${name}: ${detail}`)
    if (!available && remedy !== undefined && remedy !== '') terminal.out(`       ${remedy}`)
  }
}

const runDoctor = async (flags: DataFlags & OutputFlags, terminal: Terminal): Promise<ExitCode> => {
  const machine = {
    laperm: lapermVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
  }
  const engines = await findEngines(terminal)
  const backends = await findBackends(terminal)
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
  flags: { ...dataFlags, ...outputFlags },
  run: ({ flags }, terminal) => runDoctor(flags, terminal),
})
