/** Puts a measured table where a page of `docs/results` shows it, so that no figure there is copied by hand. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** What a page shows of one measurement. */
export interface MeasuredBlock {
  /** Which measurement it is, as a command without what only sets its length: a later one with this name takes its place. */
  readonly name: string
  /** The command as it was typed. */
  readonly command: string
  /** As Markdown. */
  readonly table: string
}

const open = (name: string): string => `<!-- measured: ${name} -->`
const close = '<!-- end of measured -->'

/**
 * A page with a block in it: in place of the one with its name, else at the end.
 *
 * @throws Error when a block of the page is not closed, since what follows it would be lost.
 */
export const withBlock = (page: string, { name, command, table }: MeasuredBlock): string => {
  const block = `${open(name)}\n\n\`${command}\`\n\n${table.trim()}\n\n${close}\n`
  const start = page.indexOf(`${open(name)}\n`)
  if (start < 0) return `${page.trimEnd()}\n\n${block}`
  const end = page.indexOf(close, start)
  const next = page.indexOf('<!-- measured: ', start + 1)
  if (end < 0 || (next >= 0 && next < end))
    throw new Error(`the block '${name}' has no '${close}': put it where the measured part ends`)
  return page.slice(0, start) + block + page.slice(end + close.length).replace(/^\n/, '')
}

/** Write a block into a page. @throws Error when there is no such page. */
export const saveBlock = (path: string, block: MeasuredBlock): void => {
  if (!existsSync(path)) throw new Error(`${path} does not exist: make the page, with its title, first`)
  writeFileSync(path, withBlock(readFileSync(path, 'utf8'), block))
}
