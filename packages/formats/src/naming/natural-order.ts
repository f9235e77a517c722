/** Names in the order in which people count: `conv2` before `conv10`. */

const parts = (name: string): readonly string[] => name.match(/\d+|\D+/g) ?? []

/** Negative where `a` comes before `b`. Digits are compared as numbers of any length, everything else by code units. */
export const compareNaturally = (a: string, b: string): number => {
  const [left, right] = [parts(a), parts(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one, other] = [left[i], right[i]]
    if (one === other) continue
    if (/^\d/.test(one) && /^\d/.test(other)) {
      const [digits, otherDigits] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')]
      if (digits.length !== otherDigits.length) return digits.length - otherDigits.length
      if (digits !== otherDigits) return digits < otherDigits ? -1 : 1
      continue
    }
    return one < other ? -1 : 1
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0)
}
