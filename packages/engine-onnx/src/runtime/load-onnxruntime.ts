/**
 * Loads ONNX Runtime, which is native code: a package for each system and processor, `@laperm/onnxruntime-linux-x64`, holds onnxruntime-node's files
 * without its install script. onnxruntime-node itself is taken where there is none, as in this repository.
 */
export type OnnxRuntime = typeof import('onnxruntime-common')

/**
 * onnxruntime reads it when it is loaded. Unless it is set, onnxruntime sends what it does to its makers, keeps a number for this machine in the
 * home directory, and where there is none prints a warning and leaves a file in the current directory.
 */
const telemetrySwitch = 'ORT_DISABLE_TELEMETRY'

/** The package that holds ONNX Runtime for a system and a processor, both as Node names them. */
export const runtimePackage = (
  platform: string = process.platform,
  architecture: string = process.arch,
): string => `@laperm/onnxruntime-${platform}-${architecture}`

const isNotInstalled = (error: unknown, name: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
  error.message.includes(`'${name}'`)

/** No package holds ONNX Runtime here. */
export class RuntimeMissing extends Error {
  override readonly name = 'RuntimeMissing'
}

/**
 * The module, loaded when asked for. Nobody who trains a network has asked for its telemetry: it stays off, unless the environment says otherwise.
 *
 * @param packages whose module is taken, the first one that is installed.
 * @throws RuntimeMissing when none is installed, and whatever the loader says when one of its libraries is missing.
 */
export const loadOnnxRuntime = async (
  packages: readonly string[] = [runtimePackage(), 'onnxruntime-node'],
): Promise<OnnxRuntime> => {
  process.env[telemetrySwitch] ??= '1'
  for (const name of packages)
    try {
      // Which one it is depends on the machine that runs this, not on the one that bundles it.
      const loaded: OnnxRuntime | { default: OnnxRuntime } = await import(
        /* webpackIgnore: true */ /* @vite-ignore */ name
      )
      // A CommonJS module: its exports are on `default` in plain Node.
      return 'default' in loaded ? loaded.default : loaded
    } catch (error) {
      if (!isNotInstalled(error, name)) throw error
    }
  throw new RuntimeMissing(`${packages[0]} is not installed`)
}
