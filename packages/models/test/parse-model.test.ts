import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  type ModelError,
  maxPool2d,
  parseModel,
  relu,
  renderModelError,
  residual,
  softmax,
} from '../src/index.ts'

const image = { name: 'mine', inputShape: [8, 8, 3] }
const withLayers = (...layers: readonly unknown[]) => ({ ...image, layers })
const tail = [{ kind: 'flatten' }, { kind: 'dense', units: 2 }, { kind: 'softmax' }]

const errorOf = (value: unknown): ModelError => {
  const parsed = parseModel(value)
  if (E.isRight(parsed)) throw new Error('parsed without an error')
  return parsed.left
}
const messageOf = (value: unknown): string => renderModelError(errorOf(value))

/** `{ kind: residual, body: [{ kind: residual, body: [...` as JSON text, so deep that no recursion reaches the end. */
const nested = (levels: number): unknown =>
  JSON.parse(
    `{"name":"deep","inputShape":[4],"layers":[${'{"kind":"residual","body":['.repeat(levels)}${']}'.repeat(levels)}]}`,
  )

describe('parseModel', () => {
  it('gives what is left out the defaults of the makers', () => {
    const parsed = parseModel(
      withLayers(
        { kind: 'conv2d', filters: 32, kernelSize: 3 },
        { kind: 'batchNorm' },
        { kind: 'relu' },
        { kind: 'maxPool2d', poolSize: 2 },
        { kind: 'residual', body: [{ kind: 'dropout', rate: 0.5 }] },
        { kind: 'avgPool2d', poolSize: [1, 2], strides: 1 },
        ...tail,
      ),
    )
    expect(parsed).toEqual(
      E.right({
        ...image,
        layers: [
          conv2d(32, 3),
          batchNorm(),
          relu,
          maxPool2d(2),
          residual([dropout(0.5)]),
          avgPool2d([1, 2], { strides: 1 }),
          flatten,
          dense(2),
          softmax,
        ],
        initializers: { kernel: { kind: 'heUniform' }, bias: { kind: 'zeros' } },
        permutedRoles: ['kernel'],
      }),
    )
  })

  it('gives one initializer of two its default', () => {
    const parsed = parseModel({ ...withLayers(...tail), initializers: { bias: { kind: 'ones' } } })
    expect(E.isRight(parsed) && parsed.right.initializers).toEqual({
      kernel: { kind: 'heUniform' },
      bias: { kind: 'ones' },
    })
  })

  it.each([
    ['a list', [], 'Model: it is a list of 0, but must be a record'],
    ['null', null, 'Model: it is null, but must be a record'],
    ['no name', { layers: [] }, 'Model: name is missing, but must be 1 to 64 letters'],
    ['a path for a name', { ...withLayers(...tail), name: '../x' }, 'name is "../x", but must be'],
    ['dots for a name', { ...withLayers(...tail), name: '..' }, 'name is "..", but must be'],
    ['a flag for a name', { ...withLayers(...tail), name: '-rf' }, 'name is "-rf", but must be'],
    ['a long name', { ...withLayers(...tail), name: 'a'.repeat(65) }, 'name is "aaa'],
    ['no inputShape', { name: 'm', layers: tail }, 'Model m: inputShape is missing, but must be'],
    [
      'nine axes',
      { ...withLayers(...tail), inputShape: new Array(9).fill(1) },
      'inputShape is a list of 9, but must be a list of 1 to 8 positive integers',
    ],
    ['no layers', withLayers(), 'layers is a list of 0, but must be a list of at least one layer'],
    ['a key of the model', { ...withLayers(...tail), layer: [] }, 'did you mean layers?'],
    ['a layer by name', withLayers('relu'), 'layers[0] is "relu", but must be a record with the kind'],
    ['no kind', withLayers({ filters: 3 }), 'layers[0].kind is missing, but must be conv2d, dense'],
    ['an unknown kind', withLayers({ kind: 'conv3d' }), 'layers[0].kind is "conv3d", but must be'],
    ['an unknown kind', withLayers({ kind: 'conv3d' }), 'did you mean conv2d?'],
    ['a kind of Object', withLayers({ kind: 'constructor' }), 'layers[0].kind is "constructor", but must be'],
    ['a kind of Object', withLayers({ kind: '__proto__' }), 'layers[0].kind is "__proto__", but must be'],
    [
      'a misspelt setting',
      withLayers({ kind: 'relu' }, { kind: 'conv2d', fliters: 3, kernelSize: 3 }),
      'layers[1].fliters is no setting of a conv2d layer, which has kind, filters, kernelSize, strides, padding, useBias, l2; did you mean filters?',
    ],
    [
      'a missing setting',
      withLayers({ kind: 'conv2d', kernelSize: 3 }),
      'layers[0].filters is missing, but must be a positive integer',
    ],
    [
      'a size of zero',
      withLayers({ kind: 'relu' }, { kind: 'conv2d', filters: 3, kernelSize: [0, 3] }),
      'layers[1].kernelSize[0] is 0, but must be a positive integer',
    ],
    [
      'a size of three',
      withLayers({ kind: 'maxPool2d', poolSize: [1, 2, 3] }),
      'layers[0].poolSize is a list of 3, but must be a positive integer or a pair of them',
    ],
    ['text for a number', withLayers({ kind: 'dense', units: '3' }), 'layers[0].units is "3", but must be'],
    [
      'text for a truth',
      withLayers({ kind: 'dense', units: 3, useBias: 'no' }),
      'useBias is "no", but must be true',
    ],
    [
      'a rate of 1',
      withLayers({ kind: 'dropout', rate: 1 }),
      'layers[0].rate is 1, but must be a number in [0, 1)',
    ],
    [
      'padding',
      withLayers({ kind: 'conv2d', filters: 1, kernelSize: 1, padding: 'sane' }),
      'did you mean same?',
    ],
    [
      'a setting in a branch',
      withLayers({ kind: 'residual', body: [], shortcut: [{ kind: 'dense', units: -1 }] }),
      'layers[0].shortcut[0].units is -1',
    ],
    [
      'a layer that does not fit',
      withLayers({ kind: 'relu' }, { kind: 'dense', units: 2 }),
      'Model mine, layer dense1 (layers[1]): needs a flat input',
    ],
    [
      'an unknown initializer',
      { ...withLayers(...tail), initializers: { kernel: { kind: 'heUnifrom' } } },
      'initializers.kernel.kind is "heUnifrom"',
    ],
    [
      'a shared value of 0',
      { ...withLayers(...tail), initializers: { kernel: { kind: 'sharedValue', value: 0 } } },
      'initializers.kernel.value is 0, but must be a number other than 0',
    ],
    [
      'a value of a drawn initializer',
      { ...withLayers(...tail), initializers: { kernel: { kind: 'zeros', value: 1 } } },
      'initializers.kernel.value is no setting of a zeros initializer',
    ],
    [
      'a moving role',
      { ...withLayers(...tail), permutedRoles: ['movingMean'] },
      'permutedRoles[0] is "movingMean"',
    ],
    [
      'a role twice',
      { ...withLayers(...tail), permutedRoles: ['bias', 'bias'] },
      'a list of different roles',
    ],
  ])('%s is an error with path, value and rule', (_, value, message) => {
    expect(messageOf(value)).toContain(message)
    expect(messageOf(value)).toMatch(/[^.?][.?]$/)
  })

  it('keys that mean something to JavaScript are unknown keys and change no prototype', () => {
    const text =
      '{"name":"m","inputShape":[4],"layers":[{"kind":"dense","units":2,"__proto__":{"useBias":false}}]}'
    expect(messageOf(JSON.parse(text))).toContain('layers[0].__proto__ is no setting of a dense layer')
    expect(messageOf(JSON.parse('{"__proto__":{"name":"m"},"layers":[]}'))).toContain('name is missing')
    expect(messageOf({ ...withLayers(...tail), constructor: 1 })).toContain('constructor is no setting')
  })

  it('takes 32 residual layers in each other, no more, and 100,000 are an error too', () => {
    expect(E.isRight(parseModel(nested(32)))).toBe(true)
    expect(messageOf(nested(33))).toContain('lies in 33 layers, but at most 32')
    expect(messageOf(nested(100_000))).toContain('lies in 33 layers, but at most 32')
  })

  it('counts layers wherever they lie: a list that is shared by its layers does not grow without end', () => {
    let layers: readonly unknown[] = [{ kind: 'relu' }, { kind: 'relu' }]
    for (let i = 0; i < 30; i++) layers = [0, 1].map(() => ({ kind: 'residual', body: layers }))
    expect(messageOf({ name: 'm', inputShape: [4], layers })).toContain('at most 10000 layers')
    expect(
      messageOf({ name: 'm', inputShape: [4], layers: new Array(10_001).fill({ kind: 'relu' }) }),
    ).toContain('a list of 10001, but must be a list of at most 10000 layers')
  })

  it('refuses more than 2^31 - 1 weights with the name of the layer', () => {
    const error = errorOf({
      name: 'm',
      inputShape: [65_536],
      layers: [{ kind: 'relu' }, { kind: 'dense', units: 2 ** 52 }],
    })
    expect(error).toMatchObject({ _tag: 'InvalidLayer', layer: 'dense1', path: 'layers[1]' })
  })

  it('shortens what it shows', () => {
    const long = 'x'.repeat(1_000_000)
    expect(messageOf(withLayers({ kind: long })).length).toBeLessThan(300)
    expect(messageOf(withLayers({ kind: 'relu', [long]: 1 })).length).toBeLessThan(300)
  })
})
