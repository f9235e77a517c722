/** What an action on a device ends with, as a word that a page can send back. */
import { DeviceFaultError } from '@laperm/core'

/** The tag of the fault that an action ends with; `no error`, or another error as a string. */
export const tagOf = async (action: () => unknown): Promise<string> => {
  try {
    await action()
    return 'no error'
  } catch (error) {
    return error instanceof DeviceFaultError ? error.fault._tag : String(error)
  }
}
