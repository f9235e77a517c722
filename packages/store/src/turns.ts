/** Taking turns at a file between processes of any machines that share its directory. */
import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** A turn takes a few calls to the file system. Whoever holds it for this long was killed. */
const longestTurnMs = 10_000
const lookEveryMs = 20

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** How old a file is by the clock of the file system that it is on; null where it is gone. */
export const ageOf = async (path: string): Promise<number | null> => {
  const probe = `${path}.${randomUUID()}.clock`
  try {
    await writeFile(probe, '')
    return (await stat(probe)).mtimeMs - (await stat(path)).mtimeMs
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  } finally {
    await rm(probe, { force: true })
  }
}

/** Take a turn away from one who was killed: of several who try one succeeds. */
const breakTurn = async (turn: string): Promise<void> => {
  const away = `${turn}.${randomUUID()}.tmp`
  try {
    await rename(turn, away)
    await rm(away, { force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** Do something while nobody else does anything under this turn's path. */
export const inTurn = async <A>(turn: string, act: () => Promise<A>): Promise<A> => {
  for (;;) {
    try {
      await (await open(turn, 'wx')).close()
      break
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      const age = await ageOf(turn)
      if (age !== null && age > longestTurnMs) await breakTurn(turn)
      else await pause(lookEveryMs * (0.5 + Math.random()))
    }
  }
  try {
    return await act()
  } finally {
    await rm(turn, { force: true })
  }
}
