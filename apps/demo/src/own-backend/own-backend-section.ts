/** "Bring your own backend": a module is dropped, chosen or named, proved in a worker, and its report can be copied. */
import { either as E } from 'fp-ts'
import { byId, setText } from '../page/elements.ts'
import { countText } from '../page/number-text.ts'
import { type OwnBackendMessage, type OwnBackendRequest, parseOwnBackendMessage } from './messages.ts'
import tenLines from './ten-lines.js?raw'

/** A module larger than this is no backend. */
const mostBytes = 20 * 2 ** 20

export const makeOwnBackendSection = (): void => {
  const section = byId('own-backend', HTMLElement)
  const file = byId('own-backend-file', HTMLInputElement)
  const address = byId('own-backend-address', HTMLInputElement)
  const form = byId('own-backend-form', HTMLFormElement)
  const stop = byId('own-backend-stop', HTMLButtonElement)
  const status = byId('own-backend-status', HTMLElement)
  const result = byId('own-backend-result', HTMLElement)
  const report = byId('own-backend-report', HTMLElement)
  const trials = byId('trials', HTMLInputElement)
  const longest = byId('longest', HTMLInputElement)
  let running: Worker | undefined

  const finish = (text: string): void => {
    running?.terminate()
    running = undefined
    stop.hidden = true
    setText(status, text)
  }
  const show = (message: OwnBackendMessage): void => {
    switch (message.kind) {
      case 'found':
        setText(status, `Checking ${message.name} (${message.device})`)
        break
      case 'progress':
        // Four sentences are enough for somebody who listens.
        setText(status, `Checking: ${25 * Math.floor((4 * message.done) / message.total)}%`)
        break
      case 'checked':
        result.hidden = false
        report.textContent = message.report
        finish(
          message.passed
            ? `It equals the reference in all ${countText(message.cases)} cases.`
            : 'It does NOT equal the reference; the report says where.',
        )
        break
      case 'refused':
        finish(`It could not be checked. ${message.reason}`)
        break
      default:
        message satisfies never
    }
  }
  const check = (source: OwnBackendRequest['source'], name: string): void => {
    running?.terminate()
    result.hidden = true
    stop.hidden = false
    setText(status, `Loading ${name}`)
    const worker = new Worker(new URL('./own-backend-worker.ts', import.meta.url), {
      type: 'module',
      name: 'own backend',
    })
    running = worker
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (worker !== running) return
      const message = parseOwnBackendMessage(data)
      if (E.isLeft(message)) finish(`It could not be checked. ${message.left}`)
      else show(message.right)
    }
    worker.onerror = (event) => {
      event.preventDefault()
      if (worker === running) finish(`The check stopped: ${event.message ?? 'its code could not be loaded'}.`)
    }
    const request: OwnBackendRequest = {
      source,
      trials: trials.valueAsNumber || 20,
      maxLength: longest.valueAsNumber || 16_384,
    }
    worker.postMessage(request)
  }
  const take = async (given: File): Promise<void> => {
    if (given.size > mostBytes)
      return finish(
        `“${given.name}” has ${countText(given.size)} bytes; a backend's module has at most ${countText(mostBytes)}.`,
      )
    try {
      check({ text: await given.text() }, given.name)
    } catch (error) {
      finish(`“${given.name}” could not be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  file.addEventListener('change', () => {
    const [given] = file.files ?? []
    if (given !== undefined) void take(given)
    file.value = ''
  })
  // A module that is dropped here, or anywhere.
  document.addEventListener('drop', (event) => {
    const given = [...(event.dataTransfer?.files ?? [])].find(({ name }) => /\.m?js$/.test(name))
    if (given === undefined) return
    section.scrollIntoView()
    void take(given)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    check({ address: address.value.trim() }, address.value.trim())
  })
  stop.addEventListener('click', () => {
    finish('Stopped.')
    file.focus()
  })
  byId('own-backend-copy', HTMLButtonElement).addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(report.textContent ?? '')
      setText(status, 'The report is in the clipboard.')
    } catch {
      getSelection()?.selectAllChildren(report)
      setText(status, 'The report is selected: copy it by the keyboard.')
    }
  })
  byId('ten-lines', HTMLElement).textContent = tenLines
}
