/** Probes the convolutions in a process of its own, so that a crash of native code is an answer and no end. */
import { fork } from 'node:child_process'
import type { ConvolutionProbe } from '../runtime/probe-convolutions.ts'

/**
 * The first message of a probe, and its argument. In a packed program the file that is started is no Node: it is the program once more, which may answer
 * something else, and must not start a probe of its own in its turn.
 */
export const probeGreeting = 'laperm-convolution-probe'

/** How long is waited, ms. */
export interface ProbePatience {
  /** For the greeting, which comes before onnxruntime is loaded. */
  readonly greetingMs: number
  /** For the answer: longer than loading onnxruntime takes on a slow disk; a probe that hangs is unsound. */
  readonly answerMs: number
}

const usualPatience: ProbePatience = { greetingMs: 8_000, answerMs: 30_000 }

const standard = (reason: string): ConvolutionProbe => ({ kind: 'standard', reason })

const parseProbe = (value: unknown): ConvolutionProbe => {
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    if (value.kind === 'nchwc' && 'block' in value && typeof value.block === 'number')
      return { kind: 'nchwc', block: value.block }
    if (value.kind === 'standard' && 'reason' in value && typeof value.reason === 'string')
      return standard(value.reason)
  }
  return standard(`the probe answered ${JSON.stringify(value)?.slice(0, 100)}`)
}

/** `fork` takes these for `spawn`. The parent's flags are not the probe's: `--input-type` would end it. */
const forkOptions = {
  execArgv: [],
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  windowsHide: true,
} satisfies Parameters<typeof fork>[2] & { windowsHide: boolean }

/**
 * Never fails: whatever goes wrong is a reason for standard convolutions.
 *
 * @param script the probe's program.
 */
export const probeInProcess = (
  script: string,
  { greetingMs, answerMs }: ProbePatience = usualPatience,
): Promise<ConvolutionProbe> =>
  new Promise((resolve) => {
    if (process.argv.includes(probeGreeting)) {
      resolve(standard('this program was started in the place of a probe of NCHWc convolutions'))
      return
    }
    const child = fork(script, [probeGreeting], forkOptions)
    let hasGreeted = false
    let answer: ConvolutionProbe | undefined
    let timer: NodeJS.Timeout | undefined

    const settle = (probe: ConvolutionProbe): void => {
      clearTimeout(timer)
      resolve(probe)
    }
    const giveUp = (reason: string): void => {
      settle(standard(reason))
      child.kill('SIGKILL')
    }
    const strange = `${process.execPath} did not run the probe of NCHWc convolutions`
    timer = setTimeout(() => giveUp(`${strange} within ${greetingMs} ms`), greetingMs)
    child.on('message', (message) => {
      if (hasGreeted) {
        answer ??= parseProbe(message)
        return
      }
      if (message !== probeGreeting) {
        giveUp(`${strange}, but something else`)
        return
      }
      hasGreeted = true
      clearTimeout(timer)
      timer = setTimeout(
        () => giveUp(`the probe of NCHWc convolutions gave no answer within ${answerMs} ms`),
        answerMs,
      )
    })
    child.on('error', (error) => settle(standard(`${strange}: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0 && answer !== undefined) settle(answer)
      else if (code === 0 && !hasGreeted) settle(standard(strange))
      else {
        // A signal is a crash of native code.
        const end = signal === null ? `ended with code ${code}` : `was ended by ${signal}`
        settle(standard(`the probe of NCHWc convolutions ${end}${code === 0 ? ' and no answer' : ''}`))
      }
    })
  })
