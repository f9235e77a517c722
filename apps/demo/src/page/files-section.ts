/** The visitor's own files: dropped anywhere on the page or chosen. Networks and data sets are told apart by their names. */
import { byId, setText } from './elements.ts'

export interface FilesSection {
  readonly show: (present: readonly string[], missing: readonly string[], summary: string) => void
  /** None of the files could be taken. */
  readonly refused: (reason: string) => void
}

/** @param onFiles what was dropped or chosen, of any kind. */
export const makeFilesSection = (onFiles: (files: readonly File[]) => void): FilesSection => {
  const input = byId('files', HTMLInputElement)
  const status = byId('files-status', HTMLElement)
  const give = (files: Iterable<File>): void => {
    const list = [...files]
    if (list.length === 0) return
    const read = list.filter(({ name }) => !/\.m?js$/.test(name))
    if (read.length > 0) setText(status, `Reading ${read.map(({ name }) => name).join(', ')}`)
    onFiles(list)
  }
  input.addEventListener('change', () => {
    give(input.files ?? [])
    input.value = ''
  })
  const isFileDrag = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
  document.addEventListener('dragover', (event) => {
    if (!isFileDrag(event)) return
    event.preventDefault()
    document.body.classList.add('dropping')
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('dropping')
  })
  document.addEventListener('drop', (event) => {
    document.body.classList.remove('dropping')
    if (!isFileDrag(event)) return
    event.preventDefault()
    give(event.dataTransfer?.files ?? [])
  })
  return {
    refused: (reason) => setText(status, reason),
    show: (present, missing, summary) =>
      setText(
        status,
        missing.length === 0
          ? `Ready: ${summary}. “My MNIST files” in the settings trains on them.`
          : present.length === 0
            ? 'The page trains on digits that it draws itself.'
            : `Here: ${present.join(', ')}. Still missing: ${missing.join(', ')}.`,
      ),
  }
}
