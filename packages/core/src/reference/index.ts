/**
 * The reference: LaPerm as the paper defines it, to be read. Slow and plain; it shares no code with what is fast, and everything that is fast is proven
 * equal to it, bit for bit, by `@laperm/conformance`.
 *
 * Its names are those of the main entry, without the checks of sizes: import it as a namespace.
 */
export { type InnerStep, laPermStep, type Theta } from './laperm-step.ts'
export { permute, rank, sort, sync } from './operations.ts'
export { order } from './order.ts'
