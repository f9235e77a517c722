/** Dawn without a GPU: Chromium brings a Vulkan driver along that runs on the CPU. */
import { existsSync } from 'node:fs'

const manifests = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
] as const

/** Point the Vulkan loader at it, unless the environment names a driver. Before Dawn makes its first instance. */
export const useSoftwareVulkan = (): void => {
  const manifest = manifests.find((path) => existsSync(path))
  if (process.env['VK_ICD_FILENAMES'] === undefined && manifest !== undefined)
    process.env['VK_ICD_FILENAMES'] = manifest
}
