/** `npm run clean`: remove what builds left behind in every workspace. */
import { removeOutputs } from './outputs.mjs'

removeOutputs()
