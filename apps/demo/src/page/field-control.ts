/** One field of the settings form: whatever it is made of, it holds text and can say what is wrong with it. */
import { settingTable } from '../settings/setting-table.ts'
import { make, setText } from './elements.ts'
import type { FieldSpec } from './settings-fields.ts'

export interface FieldControl {
  readonly block: HTMLElement
  readonly read: () => string
  readonly write: (text: string) => void
  /** `''` when the text is fine. */
  readonly complain: (problem: string) => void
  readonly setDisabled: (isDisabled: boolean) => void
  readonly onChange: (listener: () => void) => void
}

interface Ids {
  readonly id: string
  readonly key: string
  readonly label: string
}

const idsOf = ({ name }: FieldSpec): Ids => {
  const { key, label } = settingTable[name]
  return { id: `setting-${key}`, key, label }
}

/** Hint and problem below a field, which describe it. */
const describe = (field: HTMLElement, { id }: Ids, hint: string) => {
  const note = make('p', { className: 'note', id: `${id}-hint` }, hint)
  const problem = make('p', { className: 'problem', id: `${id}-problem` })
  field.setAttribute('aria-describedby', hint === '' ? problem.id : `${note.id} ${problem.id}`)
  const complain = (text: string): void => {
    setText(problem, text)
    if (text === '') field.removeAttribute('aria-invalid')
    else field.setAttribute('aria-invalid', 'true')
  }
  return { below: hint === '' ? [problem] : [note, problem], complain }
}

const makeSingle = (spec: FieldSpec): FieldControl => {
  const ids = idsOf(spec)
  const { id, key, label } = ids
  const isChoice = spec.kind === 'choice'
  const field =
    spec.kind === 'select'
      ? make(
          'select',
          { id, name: key },
          ...(spec.options ?? []).map(([value, text]) => make('option', { value }, text)),
        )
      : make(
          'input',
          isChoice ? { id, name: key, type: 'checkbox' } : { id, name: key, inputMode: 'decimal' },
        )
  const { below, complain } = describe(field, ids, spec.hint)
  const labelled = make('label', { htmlFor: id }, label)
  const block = make(
    'div',
    { className: `field ${spec.kind}` },
    ...(isChoice ? [field, labelled] : [labelled, field]),
    ...below,
  )
  const isBox = (element: typeof field): element is HTMLInputElement =>
    isChoice && element instanceof HTMLInputElement
  return {
    block,
    complain,
    read: () => (isBox(field) ? (field.checked ? '1' : '0') : field.value.trim()),
    write: (text) => {
      if (isBox(field)) field.checked = text === '1'
      else field.value = text
    },
    setDisabled: (isDisabled) => {
      field.disabled = isDisabled
    },
    onChange: (listener) => field.addEventListener('change', listener),
  }
}

const makeRadios = (spec: FieldSpec): FieldControl => {
  const ids = idsOf(spec)
  const radios = (spec.options ?? []).map(([value, text]) => {
    const id = `${ids.id}-${value}`
    const radio = make('input', { id, name: ids.key, type: 'radio', value })
    const detail = make('small', { id: `${id}-detail` })
    radio.setAttribute('aria-describedby', detail.id)
    return {
      radio,
      line: make('div', { className: 'radio' }, radio, make('label', { htmlFor: id }, text), detail),
    }
  })
  const group = make('div', { className: 'field radios' }, ...radios.map(({ line }) => line))
  group.setAttribute('role', 'radiogroup')
  group.setAttribute('aria-label', ids.label)
  const { below, complain } = describe(group, ids, spec.hint)
  group.append(...below)
  return {
    block: group,
    complain,
    read: () => radios.find(({ radio }) => radio.checked)?.radio.value ?? '',
    write: (text) => {
      for (const { radio } of radios) radio.checked = radio.value === text
    },
    setDisabled: (isDisabled) => {
      for (const { radio } of radios) radio.disabled = isDisabled
    },
    onChange: (listener) => group.addEventListener('change', listener),
  }
}

export const makeFieldControl = (spec: FieldSpec): FieldControl =>
  spec.kind === 'radios' ? makeRadios(spec) : makeSingle(spec)
