/** The paper's networks as a table. Nothing is computed here. */
import type { Model } from '../model.ts'
import { conv2, conv4, conv13, resnet50 } from './cifar10.ts'
import { conv7, f1, f2, mlp } from './mnist.ts'

/** Every network of the paper, by the name a person types. */
export const zoo = { f1, f2, mlp, conv2, conv4, conv7, conv13, resnet50 } as const satisfies Record<
  string,
  Model
>

/** The name of one of the paper's networks. */
export type ZooName = keyof typeof zoo
/** All names, in the order of {@link zoo}. */
export const zooNames = Object.keys(zoo) as readonly ZooName[]
