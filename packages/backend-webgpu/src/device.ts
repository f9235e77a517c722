/**
 * Finding a WebGPU device: the browser's, or Dawn's in Node through the npm package `webgpu`.
 */
import { type BackendUnavailable, backendUnavailable, type Remedy } from '@laperm/core'
import { either as E, type taskEither as TE } from 'fp-ts'

/** Which device to use, or how to look for one. */
export interface WebGpuOptions {
  /** A device of the caller's, for instance tfjs's. It stays the caller's: `close` does not destroy it. */
  readonly device?: GPUDevice
  /** Where to ask for an adapter; `navigator.gpu` or Dawn by default. */
  readonly gpu?: GPU
  /** Which adapter to ask for where there are two. Default `high-performance`. */
  readonly powerPreference?: GPUPowerPreference
  /** Whether an adapter that runs on the CPU (SwiftShader, llvmpipe, WARP) will do. Default false: no silent fall-back. */
  readonly allowSoftware?: boolean
  /**
   * Whether to sort with the device's subgroup operations where it has them and they prove right on it. Default true; results are the
   * same bits either way.
   */
  readonly subgroups?: boolean
}

/** A device, and whether it is the caller's. */
export interface FoundDevice {
  readonly device: GPUDevice
  /** Vendor, architecture and description, as far as the adapter tells. */
  readonly description: string
  /** Whether this package requested the device and so must destroy it. */
  readonly owned: boolean
}

const remedies = {
  adapter: { kind: 'installDriver' },
  software: { kind: 'allowSoftware' },
  gpu: { kind: 'advice', text: 'Use a browser with WebGPU, or in Node run: npm install webgpu' },
} as const satisfies Record<string, Remedy>

const unavailable = (reason: string, remedy: Remedy): E.Either<BackendUnavailable, never> =>
  E.left(backendUnavailable('webgpu', reason, remedy))

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const inNode = (): boolean =>
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined

/**
 * Node's Dawn: one instance per process, which is never collected. Devices and promises may outlive the last reference to an instance, and Dawn
 * crashes the process when its instance is freed before them.
 */
let dawnInstance: Promise<GPU> | undefined

/** The name of the module is in a variable, so that bundlers do not try to put a native module into a page. */
const importDawn = async (): Promise<GPU> => {
  const packageName = 'webgpu'
  const dawn: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ packageName)
  const { create } = dawn as { create: (flags: readonly string[]) => GPU }
  return create([])
}

const findGpu = async (options: WebGpuOptions): Promise<E.Either<BackendUnavailable, GPU>> => {
  if (options.gpu !== undefined) return E.right(options.gpu)
  const browsers = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu
  if (browsers !== undefined) return E.right(browsers)
  if (!inNode()) return unavailable('this browser has no WebGPU', remedies.gpu)
  try {
    dawnInstance ??= importDawn()
    return E.right(await dawnInstance)
  } catch (error) {
    dawnInstance = undefined
    return unavailable(`Dawn could not be loaded (${messageOf(error)})`, remedies.gpu)
  }
}

/** Drivers that run on the CPU and do not say so in `isFallbackAdapter`. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i

/** What an adapter says it is, for people. */
export const describeAdapter = (info: GPUAdapterInfo): string =>
  [info.vendor, info.architecture, info.device, info.description].filter((part) => part !== '').join(' ') ||
  'WebGPU'

/** Ask for the adapter's own limits: WebGPU's default limits halve shared memory and cap buffers at 128 MiB. */
const requiredLimits = (limits: GPUSupportedLimits): Record<string, number> => ({
  maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
  maxBufferSize: limits.maxBufferSize,
})

const requestDevice = async (
  gpu: GPU,
  options: WebGpuOptions,
): Promise<E.Either<BackendUnavailable, FoundDevice>> => {
  try {
    const adapter = await gpu.requestAdapter({
      powerPreference: options.powerPreference ?? 'high-performance',
    })
    if (adapter === null) return unavailable('there is no adapter', remedies.adapter)
    const description = describeAdapter(adapter.info)
    if (options.allowSoftware !== true && (adapter.info.isFallbackAdapter || softwareNames.test(description)))
      return unavailable(`its only adapter is software: ${description}`, remedies.software)
    const device = await adapter.requestDevice({
      requiredLimits: requiredLimits(adapter.limits),
      requiredFeatures: options.subgroups !== false && adapter.features.has('subgroups') ? ['subgroups'] : [],
    })
    return E.right({ device, description, owned: true })
  } catch (error) {
    return unavailable(`no device was given (${messageOf(error)})`, remedies.adapter)
  }
}

/**
 * The caller's device, or a new one of the browser or of Dawn.
 *
 * @returns `Left(BackendUnavailable)` where WebGPU, an adapter or a device is missing, or the adapter is software and that was not allowed.
 */
export const findDevice =
  (options: WebGpuOptions = {}): TE.TaskEither<BackendUnavailable, FoundDevice> =>
  async () => {
    const { device } = options
    if (device !== undefined)
      return E.right({ device, description: describeAdapter(device.adapterInfo), owned: false })
    const gpu = await findGpu(options)
    return E.isLeft(gpu) ? gpu : requestDevice(gpu.right, options)
  }
