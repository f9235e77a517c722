/** Processes that think they run on another machine: a host name of their own (a UTS namespace of Linux). */
import { spawnSync } from 'node:child_process'
import { reportMissing } from './required.ts'

/** How `unshare` gives a name of its own: as root, or as a user who may make namespaces. */
const ways = [['--uts'], ['--user', '--map-root-user', '--uts']]

const wordsFor = (way: readonly string[], host: string): readonly string[] => [
  ...['unshare', ...way, 'sh', '-c', 'hostname "$0" && exec "$@"', host],
]

const namesHere = ways.find((way) => {
  const [program = '', ...words] = wordsFor(way, 'laperm-test')
  return spawnSync(program, [...words, 'true'], { stdio: 'ignore' }).status === 0
})
if (namesHere === undefined)
  reportMissing('hosts', 'no host name of its own can be given to a process (unshare --uts, on Linux)')

/** Whether tests with several machines can run. Fails at import where `LAPERM_REQUIRE` names `hosts`. */
export const canNameHosts: boolean = namesHere !== undefined

/** What stands before a command so that it runs on a machine of this name; its process number stays the one that was started. */
export const onHost = (host: string): readonly string[] => wordsFor(namesHere ?? [], host)
