/** For tests of what is kept: the objects of calls that have ended must be collectable. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Count those of these objects that are still there after a collection of all garbage. */
export const countKept = async (refs: readonly WeakRef<object>[]): Promise<number> => {
  // A WeakRef keeps its object until the end of the task that made it.
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve))
    collect()
  }
  return refs.filter((ref) => ref.deref() !== undefined).length
}
