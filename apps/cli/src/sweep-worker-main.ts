/**
 * A worker process of a sweep: serves the orders that come over its channel. The second file that knows the process, as it is the first one of
 * another.
 */
import {
  type FieldRules,
  isRecord,
  optional,
  readFields,
  type SettingRule,
  text,
} from '@laperm/core/settings'
import { serveOrders, type WorkerOrder, type WorkerReport } from '@laperm/runs/sweep'
import { either as E } from 'fp-ts'
import { type Failure, renderFailure } from './failure.ts'
import type { DataFlags } from './flags.ts'
import { loadersOf } from './loaders.ts'
import { openStore, type StoreFlags } from './open-store.ts'
import type { Terminal } from './terminal.ts'

// The sweep decides when its workers stop; signals that a terminal or a scheduler sends to all of its processes are the sweep's.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
  if (process.platform !== 'win32' || !signal.startsWith('SIGUSR')) process.on(signal, () => undefined)

const gone = new AbortController()
process.once('disconnect', () => gone.abort())

/** Resolves when the last report has been handed over. */
let sent = Promise.resolve()
const send = (report: WorkerReport): void => {
  if (!process.connected) return
  sent = new Promise((resolve) => {
    process.send?.(report, undefined, undefined, () => resolve())
  })
}
const terminal: Terminal = {
  out: () => undefined,
  err: (line) => send({ kind: 'warning', message: line.replace(/^warning: /, '') }),
  progressStream: null,
  environment: process.env,
  note: () => undefined,
  signal: gone.signal,
}
const switchedOn: SettingRule<true> = { says: 'true', holds: (value) => value === true }
const flagRules: FieldRules<DataFlags & StoreFlags> = {
  dataDir: optional(text),
  acceptChecksum: optional(switchedOn),
  offline: optional(switchedOn),
  store: optional(text),
  endpoint: optional(text),
}
const given: unknown = JSON.parse(process.argv[2] ?? '{}')
const read = readFields(isRecord(given) ? given : {}, flagRules)
if (E.isLeft(read)) throw new TypeError(`--${read.left.field}: must be ${read.left.says}`)
const flags = read.right
const opened = await openStore(flags, process.env)
// The sweep has opened it with the same flags.
if (E.isLeft(opened)) throw new Error(renderFailure(opened.left))
const store = opened.right

await serveOrders<Failure>(
  {
    send,
    onOrder: (listener) => process.on('message', (order: WorkerOrder) => listener(order)),
    gone: gone.signal,
  },
  {
    ...loadersOf({ ...flags, quiet: true }, terminal),
    renderFailure,
    ...(store === null ? {} : { stored: { store } }),
  },
)
await sent
// The engine's threads would keep the process.
process.exit(0)
