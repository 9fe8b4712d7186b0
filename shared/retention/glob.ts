/** Whether a repository's name fits a pattern: `*` stands for anything within a part of the name, `**` also across parts. */
export function matchesGlob(pattern: string, name: string): boolean {
  return matches(pattern, 0, name, 0)
}

/** No regular expression: a pattern of many stars must not take exponential time. */
function matches(pattern: string, fromPattern: number, name: string, fromName: number): boolean {
  let at = fromPattern
  let position = fromName
  /** Where to go on when what follows the latest star does not fit: one character further. */
  let star: { readonly after: number; readonly deep: boolean; from: number } | undefined
  let deepStar: typeof star
  for (;;) {
    if (pattern[at] === '*') {
      const deep = pattern[at + 1] === '*'
      at += deep ? 2 : 1
      star = { after: at, deep, from: position }
      if (deep) deepStar = star
      continue
    }
    if (position === name.length && at === pattern.length) return true
    if (position < name.length && at < pattern.length && pattern[at] === name[position]) {
      at++
      position++
      continue
    }
    // A plain star cannot pass a slash; a deep one before it can, and then what stands between is tried anew.
    if (star && !star.deep && (star.from >= name.length || name[star.from] === '/')) star = deepStar
    if (!star || star.from >= name.length) return false
    star.from++
    position = star.from
    at = star.after
  }
}
