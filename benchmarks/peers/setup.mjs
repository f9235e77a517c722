/** Makes `benchmarks/.venv` with the Python peers. Needs python3 with venv; downloads about 3 GB from PyPI. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const peers = dirname(fileURLToPath(import.meta.url))
const environment = join(dirname(peers), '.venv')
const run = (command, args) => {
  console.log(`$ ${command} ${args.join(' ')}`)
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error || status !== 0) {
    console.error(
      `${command} failed: ${error?.message ?? `exit code ${status}`}. The Python peers are optional.`,
    )
    process.exit(1)
  }
}
run('python3', ['-m', 'venv', environment])
run(join(environment, 'bin', 'pip'), ['install', '--requirement', join(peers, 'requirements.txt')])
