/** Messages about what went wrong, each with what can be done next. One per subject: a newer one takes its place. */
import { make } from './elements.ts'

export interface Notice {
  readonly subject: string
  readonly text: string
  /** `problem` interrupts a screen reader, `hint` waits. */
  readonly tone: 'problem' | 'hint'
  readonly actions?: readonly { readonly label: string; readonly run: () => void }[]
}

export interface Notices {
  readonly show: (notice: Notice) => void
  readonly clear: (subject: string) => void
}

export const makeNotices = (place: HTMLElement): Notices => {
  const shown = new Map<string, HTMLElement>()
  const clear = (subject: string): void => {
    shown.get(subject)?.remove()
    shown.delete(subject)
  }
  return {
    clear,
    show: ({ subject, text, tone, actions = [] }) => {
      clear(subject)
      const notice = make('div', { className: `notice ${tone}` }, make('p', {}, text))
      notice.setAttribute('role', tone === 'problem' ? 'alert' : 'status')
      notice.dataset.subject = subject
      const dismiss = { label: 'Dismiss', run: () => undefined }
      for (const { label, run } of [...actions, dismiss]) {
        const button = make('button', { type: 'button' }, label)
        button.addEventListener('click', () => {
          clear(subject)
          run()
        })
        notice.append(button)
      }
      shown.set(subject, notice)
      place.append(notice)
    },
  }
}
