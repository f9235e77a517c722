/** Loads onnxruntime-node, which is native code and may be missing for this platform. */
export type OnnxRuntime = typeof import('onnxruntime-node')

/**
 * The module, loaded when asked for.
 *
 * @throws whatever the loader says, when there is no binary for this machine or one of its libraries is missing.
 */
export const loadOnnxRuntime = async (): Promise<OnnxRuntime> => {
  const loaded = await import('onnxruntime-node')
  // A CommonJS module: its exports are on `default` in plain Node, on the namespace itself in a bundler.
  return 'default' in loaded ? (loaded.default as OnnxRuntime) : loaded
}
