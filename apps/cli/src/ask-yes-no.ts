/** A question on the terminal that is answered with yes or no. */
import { createInterface } from 'node:readline/promises'
import { escapeControls } from '@laperm/formats'

/** Ask on standard error. @returns false for everything but `y` and `yes`, and where the input ends. */
export const askYesNo = async (question: string): Promise<boolean> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    const answer = await Promise.race([lines.question(`${escapeControls(question)} [y/N] `), ended])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
