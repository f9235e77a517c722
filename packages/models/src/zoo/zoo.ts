/**
 * The paper's networks as a table; a new one is a file of this folder and its line here.
 *
 * @see arXiv:2003.02570 Table 1, Sections 3 and 5
 */
import type { Model } from '../model.ts'
import { conv2 } from './conv2.ts'
import { conv4 } from './conv4.ts'
import { conv7 } from './conv7.ts'
import { conv13 } from './conv13.ts'
import { f1 } from './f1.ts'
import { f2 } from './f2.ts'
import { mlp } from './mlp.ts'
import { resnet50 } from './resnet50.ts'

/** Every network of the paper, by the name a person types. */
export const zoo = { f1, f2, mlp, conv2, conv4, conv7, conv13, resnet50 } as const satisfies Record<
  string,
  Model
>

/** The name of one of the paper's networks. */
export type ZooName = keyof typeof zoo
/** All names, in the order of {@link zoo}. */
export const zooNames = Object.keys(zoo) as readonly ZooName[]
