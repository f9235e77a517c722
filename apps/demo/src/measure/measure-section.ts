/** "Measure": how long a synchronization takes on each backend of this browser. */
import { byId, make, tableRow } from '../page/elements.ts'
import { countText, msText } from '../page/number-text.ts'
import {
  type MeasuredModel,
  type MeasureMessage,
  type MeasureRequest,
  measuredModels,
  type Timing,
} from './messages.ts'

const titles: Readonly<Record<MeasuredModel, string>> = {
  f1: 'F1, 7,840 weights',
  f2: 'F2, 109,184 weights',
  mlp: 'MLP, 89,400 weights',
  conv7: 'Conv7, 325,152 weights',
}

/** Make the section alive. Its worker is loaded when it is asked for. */
export const makeMeasureSection = (): void => {
  const form = byId('measure-settings', HTMLFormElement)
  const model = byId('measure-model', HTMLSelectElement)
  const rounds = byId('rounds', HTMLInputElement)
  const software = byId('measure-software', HTMLInputElement)
  const button = byId('measure-start', HTMLButtonElement)
  const status = byId('measure-status', HTMLElement)
  const body = byId('measured', HTMLTableSectionElement)
  model.append(...measuredModels.map((name) => make('option', { value: name }, titles[name])))
  model.value = 'conv7'

  const rowOf = ({ name, device, medianMs, quartilesMs }: Timing, weights: number, core: number) => {
    const row = tableRow(
      name,
      `${msText(medianMs)} ms`,
      quartilesMs.map(msText).join(' to '),
      `${((1e6 * medianMs) / weights).toFixed(1)} ns`,
      `${(core / medianMs).toFixed(2)} times as fast`,
    )
    row.id = `measured-${name}`
    row.title = device
    return row
  }
  const finish = (worker: Worker, text: string): void => {
    worker.terminate()
    // Never `disabled`: a button that is loses the focus.
    button.setAttribute('aria-disabled', 'false')
    status.textContent = text
  }
  const show = (worker: Worker, message: MeasureMessage): void => {
    switch (message.kind) {
      case 'progress':
        // Nobody wants to hear every round.
        if (message.done === 0) status.textContent = `Measuring, ${message.total} rounds`
        break
      case 'unavailable': {
        const reason = make('td', {}, `not here: ${message.reason}`)
        reason.colSpan = 4
        const row = tableRow(message.name)
        row.append(reason)
        body.append(row)
        break
      }
      case 'done': {
        const { timings, weights } = message
        const core = timings.find(({ name }) => name === 'core')?.medianMs ?? Number.NaN
        body.prepend(...timings.map((timing) => rowOf(timing, weights, core)))
        finish(
          worker,
          `Done: ${countText(weights)} weights, ${timings.map(({ name, medianMs }) => `${name} ${msText(medianMs)} ms`).join(', ')}.`,
        )
        break
      }
      default:
        message satisfies never
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (button.getAttribute('aria-disabled') === 'true') return
    body.replaceChildren()
    button.setAttribute('aria-disabled', 'true')
    status.textContent = 'Loading the backends'
    const worker = new Worker(new URL('./measure-worker.ts', import.meta.url), {
      type: 'module',
      name: 'measure',
    })
    worker.onmessage = ({ data }: MessageEvent<MeasureMessage>) => show(worker, data)
    worker.onerror = (event) => {
      event.preventDefault()
      finish(
        worker,
        `The measurement stopped: ${event.message ?? 'its code could not be loaded'}. Try again.`,
      )
    }
    const request: MeasureRequest = {
      model: measuredModels.find((name) => name === model.value) ?? 'conv7',
      rounds: rounds.valueAsNumber,
      allowSoftware: software.checked,
    }
    worker.postMessage(request)
  })
}
