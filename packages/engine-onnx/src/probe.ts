/** Entry of a process of its own: says that it is the probe, probes the convolutions, and sends what came out. */
import { probeGreeting } from './host/probe-process.ts'
import { loadOnnxRuntime } from './runtime/load-onnxruntime.ts'
import { probeConvolutions } from './runtime/probe-convolutions.ts'

process.send?.(probeGreeting)
process.send?.(await probeConvolutions(await loadOnnxRuntime()))
