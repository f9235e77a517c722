/** How the compiler says that it cannot do a layer; `engine.ts` turns it into an `UnsupportedModel`. */
export class UnsupportedLayer extends Error {
  readonly layer: string
  readonly reason: string
  constructor(layer: string, reason: string) {
    super(`layer ${layer}: ${reason}`)
    this.name = 'UnsupportedLayer'
    this.layer = layer
    this.reason = reason
  }
}
