/** `node lock-holder.mjs <directory> [leaseMs]`: does what each line says, `lock` or `release`, says how that went, and lives on. */
import { createInterface } from 'node:readline'
import { lockRun, renderRunError } from '@laperm/runs'

const [directory, leaseMs = 60_000] = process.argv.slice(2)
let held
createInterface({ input: process.stdin }).on('line', async (what) => {
  if (what === 'release') {
    await held.release()
    console.log('released')
    return
  }
  const lock = await lockRun(directory, { leaseMs: Number(leaseMs) })()
  if (lock._tag === 'Right') held = lock.right
  console.log(lock._tag === 'Right' ? 'held' : renderRunError(lock.left))
})
console.log('ready')
