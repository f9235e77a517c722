/**
 * What Dawn needs in Node where there is no GPU: the Vulkan loader (libvulkan.so.1), and a software driver, which Chromium brings along.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { apt, canInstall, findChromium } from './chromium.mjs'

const manifestName = 'vk_swiftshader_icd.json'

/**
 * Path of SwiftShader's Vulkan manifest: beside Chromium, or where Debian puts Chromium.
 *
 * @returns {string | undefined}
 */
export const findSoftwareVulkan = () => {
  const chromium = findChromium()
  const beside = chromium === undefined ? [] : [dirname(realpathSync(chromium))]
  return [...beside, '/usr/lib/chromium', '/opt/google/chrome']
    .map((directory) => join(directory, manifestName))
    .find((path) => existsSync(path))
}

const libraryFolders = ['/usr/lib', '/usr/lib64', '/lib', '/usr/local/lib']

const hasLoader = () =>
  [...libraryFolders, ...libraryFolders.map((folder) => join(folder, `${machine()}-linux-gnu`))].some(
    (folder) => existsSync(folder) && readdirSync(folder).includes('libvulkan.so.1'),
  ) || (spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '').includes('libvulkan.so.1')

const machine = () => (process.arch === 'arm64' ? 'aarch64' : 'x86_64')

/** Install Debian's Vulkan loader where there is none and this is Debian as root; say what to do otherwise. */
export const ensureVulkanLoader = () => {
  if (process.platform !== 'linux' || hasLoader()) return
  if (!canInstall()) {
    console.warn(
      'No Vulkan loader was found, so Dawn cannot run in Node. Install libvulkan1 (Debian) or vulkan-loader.',
    )
    return
  }
  console.log('No Vulkan loader was found: installing the Debian package libvulkan1 (apt-get) ...')
  if (!apt('install', '-y', '-q', '--no-install-recommends', 'libvulkan1') && !installAfterUpdate())
    console.warn('apt-get could not install libvulkan1. Install it by hand.')
}

const installAfterUpdate = () =>
  apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', 'libvulkan1')
