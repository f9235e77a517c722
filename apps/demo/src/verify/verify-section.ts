/** "Verify this machine": the section asks a worker of its own for the proof and shows what comes back. */
import { byId } from '../page/elements.ts'
import type { VerifyMessage, VerifyRequest } from './messages.ts'
import { unavailableRow, verifiedRows } from './result-row.ts'

/** Make the section alive. Its worker, and the suite in it, is loaded when it is asked for. */
export const makeVerifySection = (): void => {
  const form = byId('verify-settings', HTMLFormElement)
  const trials = byId('trials', HTMLInputElement)
  const longest = byId('longest', HTMLInputElement)
  const software = byId('verify-software', HTMLInputElement)
  const button = byId('verify-start', HTMLButtonElement)
  const status = byId('verify-status', HTMLElement)
  const results = byId('results', HTMLTableSectionElement)
  let failed = 0
  let ran = 0

  const finish = (worker: Worker, text: string): void => {
    worker.terminate()
    // Never `disabled`: a button that is loses the focus.
    button.setAttribute('aria-disabled', 'false')
    status.textContent = text
  }
  const show = (worker: Worker, message: VerifyMessage): void => {
    switch (message.kind) {
      case 'progress': {
        // Four sentences a backend are enough for somebody who listens.
        const quarters = Math.floor((4 * message.done) / message.total)
        const text = `Verifying ${message.name}: ${quarters * 25}%`
        if (status.textContent !== text) status.textContent = text
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
    if (button.getAttribute('aria-disabled') === 'true') return
    failed = 0
    ran = 0
    results.replaceChildren()
    button.setAttribute('aria-disabled', 'true')
    status.textContent = 'Starting'
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), {
      type: 'module',
      name: 'verify',
    })
    worker.onmessage = ({ data }: MessageEvent<VerifyMessage>) => show(worker, data)
    worker.onerror = (event) => {
      event.preventDefault()
      finish(worker, `The proof stopped: ${event.message ?? 'its code could not be loaded'}. Try again.`)
    }
    const request: VerifyRequest = {
      trials: trials.valueAsNumber,
      maxLength: longest.valueAsNumber,
      allowSoftware: software.checked,
    }
    worker.postMessage(request)
  })
}
