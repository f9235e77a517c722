/**
 * What a headless Chromium must be told to have WebGL or WebGPU: on a renderer that runs on the CPU, the same on every machine, or on the
 * machine's own GPU.
 */

const software = {
  webgl: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  webgpu: ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader'],
}

/**
 * On Linux each API needs flags of its own: with ANGLE on Vulkan there is no WebGPU but SwiftShader's; WebGPU needs Vulkan without a surface
 * to draw to, with which ANGLE must not be on Vulkan. Found on an NVIDIA H200 with Chromium 156.
 */
const onLinux = {
  webgl: ['--use-angle=vulkan', '--enable-features=Vulkan'],
  webgpu: ['--use-gl=angle', '--use-angle=gl-egl', '--enable-features=Vulkan', '--disable-vulkan-surface'],
}

/**
 * Whether a device is a renderer on the CPU, by what its driver calls it. Flags alone do not tell: where the environment names a GPU's driver,
 * those for SwiftShader can give the GPU.
 *
 * @param {string} device
 * @returns {boolean}
 */
export const isSoftware = (device) => /swiftshader|llvmpipe|lavapipe|softpipe/i.test(device)

/**
 * Flags for one API.
 *
 * @param {'software' | 'hardware'} device
 * @param {'webgl' | 'webgpu'} api
 * @returns {readonly string[]}
 */
export const graphicsFlags = (device, api) =>
  device === 'software'
    ? software[api]
    : [
        '--ignore-gpu-blocklist',
        '--enable-unsafe-webgpu',
        ...(process.platform === 'linux' ? onLinux[api] : []),
      ]
