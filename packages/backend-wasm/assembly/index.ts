export { rankColumns, sortColumns, syncColumns } from './matrix'
export { hasNaN } from './nan'
