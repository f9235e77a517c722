/** Dawn without a GPU: Chromium brings a Vulkan driver along that runs on the CPU. */
import { existsSync, readdirSync } from 'node:fs'
import { findDevice } from '@laperm/backend-webgpu'
import { either as E } from 'fp-ts'

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
 */
const useSoftwareVulkanIfAlone = (): void => {
  const manifest = softwareDrivers.find((path) => existsSync(path))
  if (process.platform !== 'linux' || hasDriver() || process.env['VK_ICD_FILENAMES'] !== undefined) return
  if (manifest !== undefined) process.env['VK_ICD_FILENAMES'] = manifest
}

/**
 * Whether Dawn has no GPU here, so that a software renderer must be allowed, and named as one. The adapter itself is asked: a driver's file
 * proves nothing, and the environment may name a software driver.
 */
export const lacksGpu = async (): Promise<boolean> => {
  useSoftwareVulkanIfAlone()
  const found = await findDevice()()
  if (E.isLeft(found)) return true
  found.right.device.destroy()
  return false
}
