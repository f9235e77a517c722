/** Says which published file some bytes are, when they are not the ones that were looked for. */
import type { DatasetDescriptor, PublishedFile } from './dataset-descriptor.ts'
import { datasets } from './datasets.ts'

/** Every file whose checksum is known: archives and what is in them. */
export const publishedFilesOf = (dataset: DatasetDescriptor): readonly PublishedFile[] => {
  switch (dataset.format) {
    case 'digits':
      return []
    case 'idx':
      return Object.values(dataset.files).flatMap(({ file, packed, unpacked }) => [
        { file: `${file}.gz`, bytes: packed },
        ...(unpacked === undefined ? [] : [{ file, bytes: unpacked }]),
      ])
    case 'cifar-binary':
      return [dataset.archive, ...dataset.trainBatches, dataset.testBatch]
    default:
      return dataset satisfies never
  }
}

/** Which published file has one of these checksums, for a hint like "these are MNIST's images"; `''` when none has. */
export const recognizeChecksum = (found: readonly string[]): string => {
  for (const dataset of datasets)
    for (const { file, bytes } of publishedFilesOf(dataset))
      if (found.includes(bytes.checksum)) return `These are the bytes of ${dataset.title}'s ${file}.`
  return ''
}
