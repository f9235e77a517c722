export { applyOrders, sortColumns, writeRanks } from './apply'
export { hasNaN } from './nan'
export { orderColumns } from './order'
export { rankShort, sortShort, syncShort } from './short'
