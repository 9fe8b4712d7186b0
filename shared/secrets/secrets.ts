/** Where secrets live, and the only place. Names: 1 to 127 letters, digits and dashes. */
export interface Secrets {
  put(name: string, value: string): Promise<void>
  get(name: string): Promise<string | undefined>
  /** Absent already is fine. */
  remove(name: string): Promise<void>
}
