/**
 * Finds a Chromium for the browser tests; on Debian as root it installs the `chromium` package where none is found.
 *
 * `CHROME_PATH` wins over everything else. Run by itself it prints the path: `node scripts/chromium.mjs`.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const commands = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
]
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Path of a Chromium, or undefined.
 *
 * @returns {string | undefined}
 * @throws Error when CHROME_PATH is set and leads nowhere: silently taking another browser would hide the mistake.
 */
export const findChromium = () => {
  const given = process.env.CHROME_PATH
  if (given) {
    if (!isExecutable(given)) throw new Error(`CHROME_PATH is ${given}, which is not an executable file`)
    return given
  }
  const inPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((directory) => commands.map((command) => join(directory, command)))
  return [...inPath, ...places].find(isExecutable)
}

/** Whether this is Debian (or a relative) as root, where apt-get may be used. */
export const canInstall = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')

/** Run apt-get quietly; whether it succeeded. */
export const apt = (...args) =>
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  }).status === 0

/**
 * Path of a Chromium; installs Debian's where there is none and this is Debian as root.
 *
 * @returns {string | undefined} undefined where none was found and none could be installed; what to do was printed then.
 */
export const ensureChromium = () => {
  const found = findChromium()
  if (found !== undefined) return found
  if (!canInstall()) {
    console.warn(
      'No Chromium was found, so tests in a browser cannot run. Install Chromium or Chrome, or set CHROME_PATH to one.',
    )
    return undefined
  }
  console.log('No Chromium was found: installing the Debian package chromium (apt-get) ...')
  if (!apt('update', '-q') || !apt('install', '-y', '-q', '--no-install-recommends', 'chromium'))
    console.warn('apt-get could not install chromium. Install it by hand, or set CHROME_PATH.')
  return findChromium()
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = ensureChromium()
  if (path === undefined) process.exitCode = 1
  else console.log(path)
}
