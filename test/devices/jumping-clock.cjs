// With `node --require`: this process's wall clock jumps a day ahead and back, every second. Its monotonic clock is as it was.
const now = Date.now
const day = 86_400_000
const jump = () => (Math.floor(now() / 1000) % 2 === 0 ? day : -day)
const RealDate = Date
globalThis.Date = class JumpingDate extends RealDate {
  constructor(...words) {
    if (words.length === 0) super(now() + jump())
    else super(...words)
  }
  static now() {
    return now() + jump()
  }
}
