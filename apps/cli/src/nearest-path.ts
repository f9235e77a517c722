/** What somebody most likely meant by the path of data that are not there. */
import { existsSync, opendirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemRefusal } from '@laperm/data/node'
import { nearestName } from '@laperm/models'

/** Entries of a folder that are compared, at most: a folder of a million images is not read for a hint. */
const mostEntries = 2000

/** Names in a folder that may hold data: folders, links and .npz files, hidden ones apart. */
const placesIn = (folder: string): readonly string[] => {
  const names: string[] = []
  try {
    const opened = opendirSync(folder)
    try {
      for (let count = 0; count < mostEntries; count++) {
        const entry = opened.readSync()
        if (entry === null) break
        const mayHoldData = entry.isDirectory() || entry.isSymbolicLink() || entry.name.endsWith('.npz')
        if (mayHoldData && !entry.name.startsWith('.')) names.push(entry.name)
      }
    } finally {
      opened.closeSync()
    }
  } catch (error) {
    // A folder that cannot be read gives no hint; what it was asked for is reported anyway.
    if (systemRefusal(error) === null) throw error
  }
  return names.sort()
}

/** ` Did you mean /home/me/data?`, or nothing where nothing is near. */
export const pathSuggestion = (path: string): string => {
  const nearest = nearestPath(path)
  return nearest === null ? '' : ` Did you mean ${nearest}?`
}

/**
 * The nearest folder or .npz file to a path that is not there: beside it, or beside the nearest folder above it that is not there either.
 *
 * @param path absolute.
 */
export const nearestPath = (path: string): string | null => {
  const folder = dirname(path)
  if (folder === path) return null
  if (!existsSync(folder)) return nearestPath(folder)
  const others = placesIn(folder).filter((name) => name !== basename(path))
  const name = nearestName(basename(path), others)
  return name === null ? null : join(folder, name)
}
