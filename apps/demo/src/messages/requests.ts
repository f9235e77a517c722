/** What the page asks of its training worker. The worker parses every request: it trusts the page as little as a link. */
import { isRecord } from '@laperm/core/settings'
import { either as E } from 'fp-ts'
import { type Alteration, parseAlteration } from '../alterations/alteration.ts'
import { type ContenderName, contenderNames, type RunSettings } from '../settings/run-settings.ts'
import { readSettings, type SettingsText } from '../settings/settings-text.ts'

/** How a network can be kept: as weights, or as the initial ones' seed and where each went. */
export const fileFormats = ['safetensors', 'laperm'] as const
/** One of {@link fileFormats}. */
export type FileFormat = (typeof fileFormats)[number]

/** A file that the visitor gave. */
export interface GivenFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** As it is posted: settings travel as text and are read with the rules of a link. */
export type PostedRequest =
  | { readonly kind: 'probe' }
  | { readonly kind: 'start' | 'step' | 'reset'; readonly settings: SettingsText }
  | { readonly kind: 'pause' }
  | { readonly kind: 'view'; readonly layer: string; readonly neuron: number }
  | { readonly kind: 'classify'; readonly image: Float32Array }
  | { readonly kind: 'alter'; readonly alteration: Alteration }
  /** A test image of this digit. */
  | { readonly kind: 'sample'; readonly digit: number }
  /** Go back to a synchronization; null: to the network as it is now. */
  | { readonly kind: 'goBack'; readonly step: number | null }
  /** Null: as fast as it goes. */
  | { readonly kind: 'pace'; readonly stepsPerSecond: number | null }
  | { readonly kind: 'save'; readonly optimizer: ContenderName; readonly format: FileFormat }
  | { readonly kind: 'load'; readonly file: GivenFile; readonly settings: SettingsText }
  | { readonly kind: 'files'; readonly files: readonly GivenFile[] }

/** As the worker has parsed it. */
export type TrainingRequest =
  | { readonly kind: 'probe' | 'pause' }
  | { readonly kind: 'start' | 'step' | 'reset'; readonly settings: RunSettings }
  | { readonly kind: 'view'; readonly layer: string; readonly neuron: number }
  | { readonly kind: 'classify'; readonly image: Float32Array }
  | { readonly kind: 'alter'; readonly alteration: Alteration }
  | { readonly kind: 'sample'; readonly digit: number }
  | { readonly kind: 'goBack'; readonly step: number | null }
  /** Null: as fast as it goes. */
  | { readonly kind: 'pace'; readonly stepsPerSecond: number | null }
  | { readonly kind: 'save'; readonly optimizer: ContenderName; readonly format: FileFormat }
  | { readonly kind: 'load'; readonly file: GivenFile; readonly settings: RunSettings }
  | { readonly kind: 'files'; readonly files: readonly GivenFile[] }

const imageSize = 28 * 28

const isText = (value: unknown): value is SettingsText =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string')

const isFile = (value: unknown): value is GivenFile =>
  isRecord(value) && typeof value.name === 'string' && value.bytes instanceof Uint8Array

const parseSettings = (value: unknown): E.Either<string, RunSettings> => {
  if (!isText(value)) return E.left('settings must be a record of texts')
  const { settings, problems } = readSettings(value)
  return problems.length === 0 ? E.right(settings) : E.left(problems[0].message)
}

/** @returns `Left` with what is wrong with the request. */
export const parseRequest = (value: unknown): E.Either<string, TrainingRequest> => {
  if (!isRecord(value)) return E.left('a request must be a record')
  const { kind } = value
  switch (kind) {
    case 'probe':
    case 'pause':
      return E.right({ kind })
    case 'start':
    case 'step':
    case 'reset':
      return E.map((settings: RunSettings): TrainingRequest => ({ kind, settings }))(
        parseSettings(value.settings),
      )
    case 'view': {
      const { layer, neuron } = value
      return typeof layer === 'string' && typeof neuron === 'number' && Number.isSafeInteger(neuron)
        ? E.right({ kind, layer, neuron })
        : E.left('view needs the name of a layer and the number of a neuron')
    }
    case 'classify': {
      const { image } = value
      return image instanceof Float32Array && image.length === imageSize
        ? E.right({ kind, image })
        : E.left(`classify needs an image of ${imageSize} numbers`)
    }
    case 'alter':
      return isRecord(value.alteration)
        ? E.map((alteration: Alteration): TrainingRequest => ({ kind, alteration }))(
            parseAlteration(value.alteration),
          )
        : E.left('alter needs an alteration')
    case 'sample': {
      const { digit } = value
      return typeof digit === 'number' && Number.isSafeInteger(digit) && digit >= 0 && digit <= 9
        ? E.right({ kind, digit })
        : E.left('sample needs a digit from 0 to 9')
    }
    case 'goBack': {
      const { step } = value
      return step === null || (typeof step === 'number' && Number.isSafeInteger(step) && step >= 0)
        ? E.right({ kind, step })
        : E.left('goBack needs a step, a whole number from 0 on, or null')
    }
    case 'pace': {
      const { stepsPerSecond } = value
      return stepsPerSecond === null || (typeof stepsPerSecond === 'number' && stepsPerSecond > 0)
        ? E.right({ kind, stepsPerSecond })
        : E.left('the pace must be a positive number of steps a second, or null')
    }
    case 'save': {
      const optimizer = contenderNames.find((name) => name === value.optimizer)
      const format = fileFormats.find((known) => known === value.format)
      if (optimizer === undefined) return E.left(`save needs one of ${contenderNames.join(', ')}`)
      return format === undefined
        ? E.left(`save needs a format: ${fileFormats.join(' or ')}`)
        : E.right({ kind, optimizer, format })
    }
    case 'load': {
      const { file } = value
      if (!isFile(file)) return E.left('load needs a file')
      return E.map((settings: RunSettings): TrainingRequest => ({ kind, file, settings }))(
        parseSettings(value.settings),
      )
    }
    case 'files': {
      const { files } = value
      return Array.isArray(files) && files.every(isFile)
        ? E.right({ kind, files })
        : E.left('files must be files')
    }
    default:
      return E.left(`there is no request called ${String(kind)}`)
  }
}
