/**
 * WebGPU in Node for tests: Dawn on SwiftShader's driver where Chromium brings it along, or on the machine's own.
 */
import { findSoftwareVulkan } from '../../scripts/vulkan.mjs'
import { isHardwareWanted } from './hardware.ts'

/**
 * Point the Vulkan loader at Chromium's software driver, unless the environment names a driver already or wants the machine's GPU. Without
 * Chromium the machine's own drivers are taken.
 *
 * Must run before Dawn makes its first instance in this process.
 */
export const useSoftwareVulkan = (): void => {
  if (isHardwareWanted() || process.env['VK_ICD_FILENAMES'] !== undefined) return
  const manifest = findSoftwareVulkan()
  if (manifest !== undefined) process.env['VK_ICD_FILENAMES'] = manifest
}
