/** Files that the bundle carries as text. */
declare module '*.py' {
  const text: string
  export = text
}
declare module '*.service' {
  const text: string
  export = text
}
