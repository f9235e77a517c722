/** A run that cannot go on, and what can be done about it. */
import type { RunSettings } from '../settings/run-settings.ts'
import type { Notice } from './notices.ts'

/**
 * @param text why it stopped.
 * @param backend that it ran on: a GPU's run is offered on WebAssembly too.
 */
export const stoppedNotice = (
  text: string,
  backend: RunSettings['backend'],
  startAgain: (change?: Partial<RunSettings>) => Promise<void>,
): Notice => ({
  subject: 'run',
  tone: 'problem',
  text,
  actions: [
    { label: 'Start again', run: () => void startAgain() },
    ...(backend === 'wasm'
      ? []
      : [{ label: 'Start again on WebAssembly', run: () => void startAgain({ backend: 'wasm' }) }]),
  ],
})
