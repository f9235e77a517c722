import { describe, expect, it } from 'vitest'
import { datasetNames, datasets, datasetWithInputs } from '../src/datasets/datasets.ts'
import { publishedFilesOf, recognizeChecksum } from '../src/datasets/recognize-checksum.ts'

describe('the built-in data sets', () => {
  it('have names of their own, fit for a folder', () => {
    expect(new Set(datasetNames).size).toBe(datasets.length)
    for (const name of datasetNames) expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
  })

  it('have checksums as long as their algorithms say, of files without a folder, and mirrors that end with /', () => {
    for (const dataset of datasets) {
      for (const { file, bytes } of publishedFilesOf(dataset)) {
        expect(file).toMatch(/^[\w.-]+$/)
        expect(bytes.checksum).toMatch(bytes.algorithm === 'md5' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/)
      }
      if (dataset.format !== 'digits')
        for (const mirror of dataset.mirrors) expect(mirror).toMatch(/^https?:.*\/$/)
    }
  })

  it('are offered to networks by the shape of their inputs: the first that fits', () => {
    expect(datasetWithInputs([28, 28, 1])).toBe('digits')
    expect(datasetWithInputs([32, 32, 3])).toBe('cifar10')
    expect(datasetWithInputs([784])).toBeUndefined()
  })

  it('are recognized by any checksum of any of their files', () => {
    expect(recognizeChecksum(['', '8d4fb7e6c68d591d4c3dfef9ec88bf0d'])).toBe(
      "These are the bytes of Fashion-MNIST's train-images-idx3-ubyte.gz.",
    )
    expect(recognizeChecksum(['ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'])).toBe(
      "These are the bytes of MNIST's t10k-labels-idx1-ubyte.",
    )
    expect(recognizeChecksum(['53f37980c15c3d472c316c40844f3f0d'])).toBe(
      "These are the bytes of CIFAR-10's data_batch_5.bin.",
    )
    expect(recognizeChecksum(['00'])).toBe('')
  })
})
