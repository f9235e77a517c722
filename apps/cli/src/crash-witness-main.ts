/** The process of the crash witness: reads notes, and says the last one when they end without a good-bye. */
import { createInterface } from 'node:readline'
import { goodBye } from './crash-witness.ts'

let last: string | undefined
for await (const line of createInterface({ input: process.stdin })) last = line
if (last !== undefined && last !== goodBye)
  process.stderr.write(
    `laperm: the process ended without a word (a crash in native code, no memory left, or it was killed) while ${JSON.parse(last)}\n`,
  )
