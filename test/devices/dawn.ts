/**
 * WebGPU in Node for tests: Dawn on the machine's own driver, or on SwiftShader's where Chromium brings it along.
 */
import { findSoftwareVulkan } from '../../scripts/vulkan.mjs'

/**
 * Point the Vulkan loader at Chromium's software driver, unless the environment names a driver already. Without Chromium the machine's own
 * drivers are taken.
 *
 * Must run before Dawn makes its first instance in this process.
 */
export const useSoftwareVulkan = (): void => {
  if (process.env['VK_ICD_FILENAMES'] !== undefined) return
  const manifest = findSoftwareVulkan()
  if (manifest !== undefined) process.env['VK_ICD_FILENAMES'] = manifest
}
