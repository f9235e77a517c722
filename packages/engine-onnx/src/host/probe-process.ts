/** Probes the convolutions in a process of its own, so that a crash of native code is an answer and no end. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ConvolutionProbe } from '../runtime/probe-convolutions.ts'

/** Plain Node cannot run TypeScript: from the sources (tests) the built file is used. */
const entry = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/probe.js' : '../probe.js', import.meta.url),
)

/** Longer than loading onnxruntime takes on a slow disk; a probe that hangs is unsound. */
const longestMs = 30_000

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const parseProbe = (text: string): ConvolutionProbe => {
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    if (value.kind === 'nchwc' && 'block' in value && typeof value.block === 'number')
      return { kind: 'nchwc', block: value.block }
    if (value.kind === 'standard' && 'reason' in value && typeof value.reason === 'string')
      return { kind: 'standard', reason: value.reason }
  }
  return { kind: 'standard', reason: `the probe answered ${text}` }
}

/**
 * Never fails: whatever goes wrong is a reason for standard convolutions. Takes about a quarter of a second.
 *
 * @param script the probe's own, but for tests.
 */
export const probeInProcess = (script: string = entry): Promise<ConvolutionProbe> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script], { timeout: longestMs }, (error, stdout) => {
      if (error === null) {
        resolve(parseProbe(stdout))
        return
      }
      // A signal is a crash of native code.
      const end = error.signal ? `was ended by ${error.signal}` : `ended with code ${error.code}`
      resolve({ kind: 'standard', reason: `the probe of NCHWc convolutions ${end}` })
    })
  })
