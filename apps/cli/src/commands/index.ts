/** Every command, in the order of the help. */
import type { Command } from '../command.ts'
import { decomposeCommand } from './decompose.ts'
import { doctor } from './doctor.ts'
import { evaluate } from './evaluate.ts'
import { exportCommand } from './export.ts'
import { info } from './info.ts'
import { list } from './list.ts'
import { packCommand } from './pack.ts'
import { profile } from './profile.ts'
import { report } from './report.ts'
import { reproduce } from './reproduce.ts'
import { runs } from './runs/runs.ts'
import { sweep } from './sweep.ts'
import { trace } from './trace.ts'
import { train } from './train.ts'
import { unpack } from './unpack.ts'
import { verify } from './verify.ts'
import { worker } from './worker.ts'

export const commands: readonly Command[] = [
  train,
  sweep,
  worker,
  reproduce,
  report,
  runs,
  evaluate,
  packCommand,
  unpack,
  info,
  exportCommand,
  profile,
  decomposeCommand,
  trace,
  doctor,
  verify,
  list,
]
