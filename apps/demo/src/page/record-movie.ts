/** A picture that moves, recorded as it is drawn: a canvas with the picture and a line of words below it, as a video file. */
import { readTheme } from '../pictures/theme.ts'

export interface Recording {
  /** The file and how its name ends. Rejects where the browser could not record. */
  readonly finish: () => Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly ending: string }>
  readonly cancel: () => void
}

/** What browsers record, the best first. */
const types = [
  ['video/webm;codecs=vp9', 'webm'],
  ['video/webm;codecs=vp8', 'webm'],
  ['video/webm', 'webm'],
  ['video/mp4', 'mp4'],
] as const

const framesPerSecond = 30
const margin = 16

/**
 * Start to record.
 *
 * @param picture is copied in every frame, whatever is drawn on it.
 * @param words stand below it.
 * @returns null where this browser records nothing.
 */
export const startRecording = (picture: HTMLCanvasElement, words: () => string): Recording | null => {
  if (typeof MediaRecorder === 'undefined' || !('captureStream' in picture)) return null
  const type = types.find(([name]) => MediaRecorder.isTypeSupported(name))
  if (type === undefined) return null
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (context === null) return null
  const theme = readTheme(picture)
  const unit = Math.max(1, picture.width / Math.max(1, picture.clientWidth))
  const line = Math.round(28 * unit)
  const edge = Math.round(margin * unit)
  // Video wants even sizes.
  canvas.width = 2 * Math.ceil((picture.width + 2 * edge) / 2)
  canvas.height = 2 * Math.ceil((picture.height + 2 * edge + line) / 2)
  let frame = 0
  const draw = (): void => {
    context.fillStyle = theme.surface
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(picture, edge, edge)
    context.fillStyle = theme.text
    context.font = `${Math.round(16 * unit)}px ${theme.font}`
    context.textBaseline = 'middle'
    context.fillText(
      `LaPerm: the same weights, other places · ${words()}`,
      edge,
      canvas.height - edge - line / 2,
    )
    frame = requestAnimationFrame(draw)
  }
  draw()
  const recorder = new MediaRecorder(canvas.captureStream(framesPerSecond), { mimeType: type[0] })
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  const ended = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve()
    recorder.onerror = () => reject(new Error('the browser stopped recording'))
  })
  // Who cancels waits for nothing.
  ended.catch(() => undefined)
  recorder.start()
  const stop = (): void => {
    if (recorder.state !== 'inactive') recorder.stop()
    cancelAnimationFrame(frame)
  }
  return {
    cancel: stop,
    finish: async () => {
      stop()
      await ended
      return { bytes: new Uint8Array(await new Blob(parts).arrayBuffer()), ending: type[1] }
    },
  }
}
