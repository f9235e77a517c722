/** Save a trained network to a file of the visitor's, and load one. */
import type { LoadedNetwork } from '../messages/events.ts'
import type { FileFormat } from '../messages/requests.ts'
import { type ContenderName, contenderNames } from '../settings/run-settings.ts'
import { download } from './download.ts'
import { byId, setText } from './elements.ts'
import { countText, percentText } from './number-text.ts'

export interface KeepSection {
  readonly saved: (name: string, bytes: Uint8Array<ArrayBuffer>, accuracy: number) => void
  readonly loaded: (network: LoadedNetwork) => void
  readonly refused: (reason: string) => void
}

const describe = (network: LoadedNetwork): string => {
  const { file, model, trainedWith, seed, step, accuracy, testExamples, data, savedAccuracy } = network
  const when = step === null ? '' : `, step ${countText(step)}`
  const before = savedAccuracy === null ? '' : ` (${percentText(savedAccuracy)} when it was saved)`
  const { weightVectors, permutedVectors } = network
  const proof =
    weightVectors === 0
      ? 'The file does not say how its initial weights were drawn.'
      : permutedVectors === weightVectors
        ? `All ${countText(weightVectors)} weight vectors are permutations of the initial weights drawn from seed ${seed}: yes.`
        : `${countText(permutedVectors)} of ${countText(weightVectors)} weight vectors are permutations of the initial weights drawn from seed ${seed}.`
  return `Loaded ${file}: ${model}, ${trainedWith}${when}. Test accuracy ${percentText(accuracy)} on ${countText(testExamples)} images of ${data}${before}. ${proof} It takes part in “Draw a digit”.`
}

export const makeKeepSection = (
  onSave: (optimizer: ContenderName, format: FileFormat) => void,
  onLoad: (file: File) => void,
): KeepSection => {
  const which = byId('save-which', HTMLSelectElement)
  const save = byId('save', HTMLButtonElement)
  const packed = byId('save-packed', HTMLButtonElement)
  const load = byId('load', HTMLInputElement)
  const status = byId('keep-status', HTMLElement)
  const saveAs = (format: FileFormat): void => {
    const optimizer = contenderNames.find((name) => name === which.value)
    if (optimizer !== undefined) onSave(optimizer, format)
  }
  save.addEventListener('click', () => saveAs('safetensors'))
  packed.addEventListener('click', () => saveAs('laperm'))
  // The others change values: they are no arrangement of their initial weights.
  which.addEventListener('change', () => {
    packed.disabled = which.value !== 'laperm'
  })
  load.addEventListener('change', () => {
    const [file] = load.files ?? []
    if (file === undefined) return
    setText(status, `Loading ${file.name}`)
    onLoad(file)
    // So that the same file can be chosen again.
    load.value = ''
  })
  return {
    saved: (name, bytes, accuracy) => {
      const size = bytes.length
      download(name, bytes)
      setText(status, `Saved ${name}, ${countText(size)} bytes: test accuracy ${percentText(accuracy)}.`)
    },
    loaded: (network) => {
      status.dataset.accuracy = String(network.accuracy)
      setText(status, describe(network))
    },
    refused: (reason) => setText(status, reason),
  }
}
