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
import type { Recipe, ZooNetwork } from './zoo-network.ts'

const networks = { f1, f2, mlp, conv2, conv4, conv7, conv13, resnet50 } as const satisfies Record<
  string,
  ZooNetwork
>

/** The name of one of the paper's networks. */
export type ZooName = keyof typeof networks
/** All names, in the order to show them. */
export const zooNames = Object.keys(networks) as readonly ZooName[]

const ofEach = <Part>(part: (network: ZooNetwork) => Part): Readonly<Record<ZooName, Part>> =>
  Object.fromEntries(zooNames.map((name) => [name, part(networks[name])])) as Record<ZooName, Part>

/** Every network of the paper, by the name a person types. */
export const zoo: Readonly<Record<ZooName, Model>> = ofEach(({ model }) => model)

/** How the paper trains each of them. */
export const recipes: Readonly<Record<ZooName, Recipe>> = ofEach(({ recipe }) => recipe)
