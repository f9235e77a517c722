/** Every command, in the order of the help. */
import type { Command } from '../command.ts'
import { doctor } from './doctor.ts'
import { evaluate } from './evaluate.ts'
import { list } from './list.ts'
import { runs } from './runs/runs.ts'
import { train } from './train.ts'
import { verify } from './verify.ts'

export const commands: readonly Command[] = [train, runs, evaluate, doctor, verify, list]
