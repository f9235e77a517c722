/**
 * `npm run setup:tensorboard`: TensorBoard's own reader, for the test that reads back what @laperm/runs writes for it.
 *
 * pip installs it into packages/runs/.tensorboard. Running it again does nothing while its version and Python's are the same.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packages.mjs'

const requirements = join(root, 'packages', 'runs', 'test', 'tensorboard', 'requirements.txt')
const target = join(root, 'packages', 'runs', '.tensorboard')
const building = `${target}-building-${process.pid}`

const fail = (message) => {
  rmSync(building, { recursive: true, force: true })
  console.error(message)
  process.exit(1)
}

const python = ['python3', 'python'].find(
  (command) => spawnSync(command, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0,
)
if (python === undefined)
  fail('Neither `python3 -m pip` nor `python -m pip` runs. Install Python 3.9 or newer with pip.')

// First the path of Python, which the test runs.
const which = 'import sys; print(sys.executable); print(sys.version)'
const key = spawnSync(python, ['-c', which], { encoding: 'utf8' }).stdout + readFileSync(requirements, 'utf8')
const stamp = join(target, 'ready')
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key)
  console.log('TensorBoard is set up in packages/runs/.tensorboard.')
else {
  console.log('Installing TensorBoard into packages/runs/.tensorboard (pip) ...')
  const { status, stdout, stderr } = spawnSync(
    python,
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      building,
      '-r',
      requirements,
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) fail(`pip could not install TensorBoard:\n${stdout}\n${stderr}`)
  writeFileSync(join(building, 'ready'), key)
  rmSync(target, { recursive: true, force: true })
  renameSync(building, target)
  console.log('TensorBoard is set up.')
}
