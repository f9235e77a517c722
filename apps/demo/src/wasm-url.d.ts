/** The address of a file that the build puts into the site. */
declare module '*.wasm?url' {
  const url: string
  export default url
}
