import { describe, expect, it } from 'vitest'
import { withBlock } from '../src/harness/results-page.ts'

const block = {
  name: 'bench train',
  command: 'npm run bench -- train --rounds 9',
  table: '| a |\n|---|\n| 1 |',
}
const page = '# A page\n\nWords before.\n'

describe('a measured block of a page', () => {
  it('goes to the end of a page that has none of its name', () => {
    expect(withBlock(page, block)).toBe(
      '# A page\n\nWords before.\n\n<!-- measured: bench train -->\n\n`npm run bench -- train --rounds 9`\n\n| a |\n|---|\n| 1 |\n\n<!-- end of measured -->\n',
    )
  })

  it('takes the place of an older one and leaves all other words', () => {
    const older = `${withBlock(page, { ...block, table: '| old |' })}\nWords behind.\n`
    expect(withBlock(older, block)).toBe(`${withBlock(page, block)}\nWords behind.\n`)
    expect(withBlock(withBlock(older, block), block)).toBe(withBlock(older, block))
  })

  it('leaves a block whose name begins alike', () => {
    const both = withBlock(withBlock(page, block), {
      ...block,
      name: 'bench train --only conv7',
      table: '| 7 |',
    })
    expect(withBlock(both, { ...block, table: '| 2 |' })).toContain('| 7 |')
  })

  it('refuses to write over what follows a block that is not closed', () => {
    const open = withBlock(page, block).replace('<!-- end of measured -->\n', '')
    expect(() => withBlock(open, block)).toThrow("the block 'bench train' has no '<!-- end of measured -->'")
    expect(() => withBlock(withBlock(open, { ...block, name: 'another' }), block)).toThrow('bench train')
  })
})
