/** Entry of a process of its own: probes the convolutions and writes what came out to standard output, as JSON. */
import { writeSync } from 'node:fs'
import { loadOnnxRuntime } from './runtime/load-onnxruntime.ts'
import { probeConvolutions } from './runtime/probe-convolutions.ts'

writeSync(1, JSON.stringify(await probeConvolutions(await loadOnnxRuntime())))
