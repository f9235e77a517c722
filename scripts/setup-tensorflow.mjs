/**
 * `npm run setup:tensorflow`: TensorFlow's own runtime for @laperm/backend-node, built here from npm's and pip's packages.
 *
 * tfjs-node's install script downloads a libtensorflow that is years old, from a place that many networks do not reach. This takes
 * libtensorflow_cc out of a TensorFlow wheel instead and compiles tfjs-node's binding against it. Everything lands in
 * packages/backend-node/.tensorflow (about 1 GB), in one rename at the very end: a run that fails leaves what was there before.
 * Running it again does nothing while inputs and machine are the same. `--force` builds anew.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './packages.mjs'

const inputs = join(root, 'packages', 'backend-node', 'tensorflow')
const target = join(root, 'packages', 'backend-node', '.tensorflow')
const building = `${target}-building-${process.pid}`
const replaced = `${target}-replaced-${process.pid}`

/** A step that cannot be taken, with what to do about it. */
class SetupError extends Error {}

/** Run a program and return what it printed; a failure says which step it was, what the program said, and the remedy. */
const runStep = (step, remedy, command, args, options = {}) => {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28, ...options })
  if (result.error?.code === 'ENOENT')
    throw new SetupError(`${step}: there is no program ${command}. ${remedy}`)
  if (result.error)
    throw new SetupError(`${step}: ${command} could not be started: ${result.error.message}. ${remedy}`)
  if (result.status !== 0) {
    const said = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim().split('\n').slice(-30).join('\n')
    throw new SetupError(
      `${step}: ${command} ended with ${result.signal ?? result.status}. ${remedy}\n${said}`,
    )
  }
  return result.stdout ?? ''
}

const say = (text) => console.log(text)

const pickWheel = () => {
  const wheels = JSON.parse(readFileSync(join(inputs, 'wheels.json'), 'utf8'))
  const platform = `${process.platform}-${process.arch}`
  const wheel = wheels[platform]
  if (wheel === undefined)
    throw new SetupError(
      `No TensorFlow wheel is known for ${platform} (known: ${Object.keys(wheels).join(', ')}). There, install @tensorflow/tfjs-node with its install script: npm install @tensorflow/tfjs-node --ignore-scripts=false`,
    )
  return wheel
}

/** Changes whenever something that goes into the build does. */
const buildKey = () => {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  const files = [
    fileURLToPath(import.meta.url),
    ...['package.json', 'package-lock.json', 'wheels.json'].map((name) => join(inputs, name)),
  ]
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

const isReady = (key) => {
  const stamp = join(target, 'ready')
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === key
}

const python = () => {
  for (const command of ['python3', 'python']) {
    const { status } = spawnSync(command, ['-m', 'pip', '--version'], { stdio: 'ignore' })
    if (status === 0) return command
  }
  throw new SetupError(
    'Python: neither `python3 -m pip` nor `python -m pip` runs. Install Python 3.9 or newer with pip.',
  )
}

/**
 * Takes libraries and headers out of a wheel and checks each against the wheel's RECORD. Python, because Node cannot read zip files and
 * pip needs Python anyway.
 */
const unpackProgram = `
import base64, csv, hashlib, io, os, sys, zipfile
wheel, target = sys.argv[1:]
headers = ('tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/')
with zipfile.ZipFile(wheel) as archive:
    record = next(name for name in archive.namelist() if name.endswith('.dist-info/RECORD'))
    hashes = {row[0]: row[1] for row in csv.reader(io.TextIOWrapper(archive.open(record), 'utf8')) if len(row) > 1}
    found = set()
    for name in archive.namelist():
        if name.startswith('tensorflow/libtensorflow_') and '.so.' in name:
            path = os.path.join(target, 'lib', os.path.basename(name))
        elif name.startswith('tensorflow/include/') and name.endswith('.h') and name[len('tensorflow/include/'):].startswith(headers):
            path = os.path.join(target, 'include', name[len('tensorflow/include/'):])
        else:
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        digest = hashlib.sha256()
        with archive.open(name) as source, open(path, 'wb') as out:
            while block := source.read(1 << 22):
                digest.update(block)
                out.write(block)
        wanted = 'sha256=' + base64.urlsafe_b64encode(digest.digest()).decode().rstrip('=')
        if hashes.get(name) != wanted:
            sys.exit(f'{name} does not have the hash that the wheel says it has')
        found.add(os.path.basename(name))
    for name in ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'c_api.h'):
        if name not in found:
            sys.exit(f'the wheel holds no {name}')
`

/** The finished runtime must load, and rank as the paper's synchronization wants, in a process of its own. */
const checkProgram = `
const util = require('node:util')
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
const tf = require('@tensorflow/tfjs-node')
const { values, indices } = tf.topk(tf.tensor1d([-0, 3, 0, 3]), 4)
const got = JSON.stringify([tf.getBackend(), [...values.dataSync()], [...indices.dataSync()], tf.backend().binding.TF_Version])
if (got !== JSON.stringify(['tensorflow', [3, 3, -0, 0], [1, 3, 0, 2], process.argv[1]])) throw new Error('wrong answer: ' + got)
`

const setUp = (wheel, key) => {
  const interpreter = python()
  runStep('C++ compiler', 'Install g++ (Debian: apt-get install g++).', 'g++', ['--version'])

  say('1/5 npm: tfjs-node and Node-API headers (hashes from package-lock.json) ...')
  mkdirSync(building, { recursive: true })
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(inputs, name), join(building, name))
  runStep(
    'npm ci',
    'Is the npm registry reachable?',
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: building, shell: process.platform === 'win32' },
  )
  const tfjsNode = join(building, 'node_modules', '@tensorflow', 'tfjs-node')

  say(`2/5 pip: ${wheel.package} ${wheel.version} (about 270 MB, sha256 ${wheel.sha256.slice(0, 12)}...) ...`)
  const requirements = join(building, 'requirements.txt')
  writeFileSync(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`)
  const download = join(building, 'wheel')
  runStep(
    'pip download',
    'Is the Python package index reachable? A hash that differs means that the file is not the one this was tested with.',
    interpreter,
    [
      ...[
        '-m',
        'pip',
        'download',
        '--disable-pip-version-check',
        '--no-deps',
        '--require-hashes',
        '--only-binary=:all:',
      ],
      ...[
        '--python-version',
        '3.11',
        '--implementation',
        'cp',
        '--abi',
        'cp311',
        '--platform',
        wheel.platform,
      ],
      ...['-r', requirements, '-d', download],
    ],
    { cwd: building },
  )

  say('3/5 unpacking libtensorflow and its headers, each checked against the wheel ...')
  const file = `${wheel.package.replaceAll('-', '_')}-${wheel.version}-cp311-cp311-${wheel.platform}.whl`
  const dependencies = join(tfjsNode, 'deps')
  runStep('Unpacking the wheel', 'Is the disk full? It takes 1 GB.', interpreter, [
    ...['-c', unpackProgram, join(download, file), dependencies],
  ])
  rmSync(download, { recursive: true, force: true })

  say('4/5 compiling the binding ...')
  const binding = join(tfjsNode, 'lib', 'napi-v8')
  mkdirSync(binding, { recursive: true })
  runStep(
    'Compiling tfjs-node’s binding',
    'It needs a compiler that knows C++17, and glibc 2.27 or newer.',
    'g++',
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
      ...['-I', join(building, 'node_modules', 'node-api-headers', 'include')],
      ...['-I', join(dependencies, 'include'), '-I', tfjsNode],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjsNode, 'binding', name)),
      ...['-L', join(dependencies, 'lib'), '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
      // Relative to the binding, so that the folder can be moved.
      ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', join(binding, 'tfjs_binding.node')],
    ],
  )

  say('5/5 loading it and asking it to rank ...')
  runStep(
    'Checking the runtime',
    'The binding was built but does not work here.',
    process.execPath,
    ['-e', checkProgram, wheel.version],
    { cwd: building, env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } },
  )
  writeFileSync(join(building, 'ready'), `${key}\n`)

  if (existsSync(target)) renameSync(target, replaced)
  renameSync(building, target)
}

const isRunning = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** What a run that was killed has left behind. */
const removeLeftovers = () => {
  for (const name of readdirSync(dirname(target))) {
    const pid = /^\.tensorflow-(?:building|replaced)-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(dirname(target), name), { recursive: true, force: true })
  }
}

try {
  removeLeftovers()
  const wheel = pickWheel()
  const key = buildKey()
  if (isReady(key) && !process.argv.includes('--force'))
    say(`TensorFlow ${wheel.version} is set up in ${target}.`)
  else {
    setUp(wheel, key)
    say(`TensorFlow ${wheel.version} is set up in ${target}. Delete that folder to be rid of it.`)
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`TensorFlow was not set up. ${error.message}`)
  process.exitCode = 1
} finally {
  for (const leftover of [building, replaced]) rmSync(leftover, { recursive: true, force: true })
}
