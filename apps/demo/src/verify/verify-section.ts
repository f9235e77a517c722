/** The page: it asks its worker for the proof and shows what comes back. */
import type { VerifyMessage, VerifyRequest } from './messages.ts'
import { unavailableRow, verifiedRows } from './result-row.ts'

const byId = <T extends HTMLElement>(id: string, kind: new () => T): T => {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new TypeError(`the page has no #${id}`)
  return found
}

const form = byId('settings', HTMLFormElement)
const trials = byId('trials', HTMLInputElement)
const software = byId('software', HTMLInputElement)
const button = byId('start', HTMLButtonElement)
const status = byId('status', HTMLElement)
const results = byId('results', HTMLTableSectionElement)

let failed = 0
let ran = 0

const finish = (worker: Worker, text: string): void => {
  worker.terminate()
  button.disabled = false
  status.textContent = text
}

const show = (worker: Worker, message: VerifyMessage): void => {
  switch (message.kind) {
    case 'progress': {
      // Ten sentences a backend are enough for somebody who listens.
      const tenths = Math.floor((10 * message.done) / message.total)
      status.textContent = `Verifying ${message.name}: ${tenths * 10}%`
      break
    }
    case 'verified':
      ran++
      if (!message.report.passed) failed++
      results.append(...verifiedRows(message.name, message.device, message.report))
      break
    case 'unavailable':
      results.append(unavailableRow(message.name, message.reason, message.remedy))
      break
    case 'done':
      finish(
        worker,
        failed === 0
          ? `Done: all ${ran} backends that run here equal the reference.`
          : `Done: ${failed} of ${ran} backends differ from the reference; the table says where.`,
      )
      break
    default:
      message satisfies never
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  failed = 0
  ran = 0
  results.replaceChildren()
  button.disabled = true
  status.textContent = 'Starting'
  const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<VerifyMessage>) => show(worker, data)
  worker.onerror = ({ message }) =>
    finish(worker, `The proof stopped: ${message}. Reload the page and try again.`)
  const request: VerifyRequest = { trials: trials.valueAsNumber, allowSoftware: software.checked }
  worker.postMessage(request)
})
