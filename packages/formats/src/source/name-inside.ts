/** Names in files that may become names of files: they may lead nowhere outside of the directory that they are taken in. */
import { refuseFile } from '../refusal.ts'

/** Whether a name, with `/` between its parts, leads to a place below the one where it begins. */
export const leadsInside = (name: string): boolean =>
  name !== '' &&
  !/[\\\0]/.test(name) &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** The same for the name of a file: drives of Windows have a colon. */
export const isNameInside = (name: string): boolean => leadsInside(name) && !name.includes(':')

/** @param path the file that holds the name. @throws FileRefusal */
export const requireNameInside = (path: string, name: string): void => {
  if (!isNameInside(name)) refuseFile(path, 'names of files inside its directory', `'${name}'`)
}
