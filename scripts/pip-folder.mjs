/** Python packages that tests need, installed by pip into a folder of their own. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './packages.mjs'

/**
 * Install packages into a folder; nothing is done while requirements and Python are the same as when that was done. Its file `ready` begins with
 * the path of the Python that they are for. A failure ends this process and leaves what was there before.
 *
 * @param {object} what
 * @param {string} what.name for people
 * @param {string} what.requirements path of a requirements.txt
 * @param {string} what.target the folder
 */
export const installPip = ({ name, requirements, target }) => {
  const folder = relative(root, target)
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
  const which = 'import sys; print(sys.executable); print(sys.version)'
  const key =
    spawnSync(python, ['-c', which], { encoding: 'utf8' }).stdout + readFileSync(requirements, 'utf8')
  const stamp = join(target, 'ready')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) {
    console.log(`${name} is set up in ${folder}.`)
    return
  }
  console.log(`Installing ${name} into ${folder} (pip) ...`)
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
  const { status, stdout, stderr } = spawnSync(python, [...pip, '--target', building, '-r', requirements], {
    encoding: 'utf8',
  })
  if (status !== 0) fail(`pip could not install ${name}:\n${stdout}\n${stderr}`)
  writeFileSync(join(building, 'ready'), key)
  rmSync(target, { recursive: true, force: true })
  renameSync(building, target)
  console.log(`${name} is set up.`)
}
