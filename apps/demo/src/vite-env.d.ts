/** What Vite puts into the page at build time. */
interface ImportMetaEnv {
  readonly PROD: boolean
}
interface ImportMeta {
  readonly env: ImportMetaEnv
}
/** A file's own text. */
declare module '*?raw' {
  const text: string
  export default text
}
