/** Keras 3's `.keras`: a zip of the network's description (config.json) and its weights (model.weights.h5), which are read where they lie. */
import { either as E } from 'fp-ts'
import { refuseFile } from '../refusal.ts'
import { type ByteSource, readBytes } from '../source/byte-source.ts'
import { type JsonValue, parseStrictJson } from '../strict-json.ts'
import type { OpenH5, WeightFile } from '../weight-file.ts'
import type { ZipMember } from '../zip/zip-archive.ts'

const deepestConfig = 200
const mostConfigBytes = 64 * 2 ** 20

const entryOf = (value: JsonValue | undefined, key: string): JsonValue | undefined =>
  value instanceof Map ? value.get(key) : undefined

/** What the description says of itself: the network's class and name. */
const readMetadata = async (path: string, config: ZipMember): Promise<Readonly<Record<string, string>>> => {
  const metadata: Record<string, string> = Object.create(null)
  if (config.sizeBytes > mostConfigBytes)
    return refuseFile(path, `a config.json of at most ${mostConfigBytes} bytes`, `${config.sizeBytes}`)
  const bytes = await readBytes(await config.open(), 0, config.sizeBytes, 'config.json')
  const json = parseStrictJson(new TextDecoder().decode(bytes.slice()), deepestConfig)
  if (E.isLeft(json))
    return refuseFile(
      path,
      `${json.left.expected} at character ${json.left.at} of config.json`,
      'something else',
    )
  const name = entryOf(entryOf(json.right, 'config'), 'name')
  const kind = entryOf(json.right, 'class_name')
  if (typeof name === 'string') metadata.name = name
  if (typeof kind === 'string') metadata.class = kind
  return metadata
}

/** @throws FileRefusal */
export const openKeras = async (
  { path }: ByteSource,
  members: readonly ZipMember[],
  openH5: OpenH5,
): Promise<WeightFile> => {
  const find = (wanted: string): ZipMember =>
    members.find(({ name }) => name === wanted) ?? refuseFile(path, `a member '${wanted}'`, 'none')
  const metadata = await readMetadata(path, find('config.json'))
  const weights = await find('model.weights.h5').open()
  return { ...(await openH5(weights)), format: 'keras', metadata }
}
