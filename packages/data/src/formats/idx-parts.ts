/** The four files of a data set in MNIST's format, by their names. */

/** Images and labels, to train and to test. */
export const idxParts = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const
/** One of {@link idxParts}. */
export type IdxPart = (typeof idxParts)[number]

/**
 * Which part a file's name says it is: `train-images-idx3-ubyte.gz`, `t10k-labels.idx1-ubyte`, `test_images`, ...
 *
 * @returns undefined where the name does not say both whether images or labels and whether to train or to test.
 */
export const idxPartOf = (file: string): IdxPart | undefined => {
  const name = file.toLowerCase().replace(/^.*[/\\]/, '')
  const split = /t10k|test/.test(name) ? 'test' : /train/.test(name) ? 'train' : undefined
  const kind = /image/.test(name) ? 'Images' : /label/.test(name) ? 'Labels' : undefined
  return split === undefined || kind === undefined ? undefined : `${split}${kind}`
}
