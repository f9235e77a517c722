/** Loads onnxruntime-node, which is native code and may be missing for this platform. */
export type OnnxRuntime = typeof import('onnxruntime-node')

/**
 * onnxruntime reads it when it is loaded. Unless it is set, onnxruntime sends what it does to its makers, keeps a number for this machine in the
 * home directory, and where there is none prints a warning and leaves a file in the current directory.
 */
const telemetrySwitch = 'ORT_DISABLE_TELEMETRY'

/**
 * The module, loaded when asked for. Nobody who trains a network has asked for its telemetry: it stays off, unless the environment says otherwise.
 *
 * @throws whatever the loader says, when there is no binary for this machine or one of its libraries is missing.
 */
export const loadOnnxRuntime = async (): Promise<OnnxRuntime> => {
  process.env[telemetrySwitch] ??= '1'
  const loaded = await import('onnxruntime-node')
  // A CommonJS module: its exports are on `default` in plain Node, on the namespace itself in a bundler.
  return 'default' in loaded ? (loaded.default as OnnxRuntime) : loaded
}
