/** Dawn without a GPU: Chromium brings a Vulkan driver along that runs on the CPU. */
import { existsSync, readdirSync } from 'node:fs'

const driverFolders = [
  '/etc/vulkan/icd.d',
  '/usr/share/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
] as const

const softwareDrivers = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
] as const

const hasDriver = (): boolean =>
  driverFolders.some(
    (folder) => existsSync(folder) && readdirSync(folder).some((file) => !file.startsWith('lvp')),
  )

/**
 * Point the Vulkan loader at Chromium's software driver where this is Linux without a driver of its own and the environment names none.
 * Before Dawn makes its first instance.
 *
 * @returns whether that was done.
 */
export const useSoftwareVulkanIfAlone = (): boolean => {
  const manifest = softwareDrivers.find((path) => existsSync(path))
  if (process.platform !== 'linux' || hasDriver() || process.env['VK_ICD_FILENAMES'] !== undefined)
    return false
  if (manifest === undefined) return false
  process.env['VK_ICD_FILENAMES'] = manifest
  return true
}
