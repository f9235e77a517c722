/** Names of other files that a file holds: they may name nothing outside the file's own directory. */
import { refuseFile } from '../refusal.ts'

/** Whether a name, with `/` between folders, stays inside the directory that it is relative to, on every system. */
export const isNameInside = (name: string): boolean =>
  name !== '' &&
  !/[\\:\0]/.test(name) &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** @param path the file that holds the name. @throws FileRefusal */
export const requireNameInside = (path: string, name: string): void => {
  if (!isNameInside(name)) refuseFile(path, 'names of files inside its directory', `'${name}'`)
}
