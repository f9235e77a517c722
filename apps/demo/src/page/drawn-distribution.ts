/** A distribution to draw: bars that follow the pointer, each of them a slider for the keyboard. */
import { drawnBars } from '../alterations/drawn-values.ts'
import { make } from './elements.ts'

/** @param onDraw is told the shares of the bars, each from 0 to 1, when one has changed; not where all are 0. */
export const makeDrawnDistribution = (onDraw: (shares: readonly number[]) => void): HTMLElement => {
  const board = make('div', { className: 'drawn' })
  const sliders = Array.from({ length: drawnBars }, (_, bar) => {
    const middle = (-1 + ((bar + 0.5) * 2) / drawnBars).toFixed(1).replace('-', '−')
    // A hill, as most initial weights have it.
    const height = Math.round(100 * Math.exp(-(((bar - (drawnBars - 1) / 2) / 2.5) ** 2)))
    const slider = make('input', { type: 'range', min: '0', max: '100', step: '5', value: String(height) })
    slider.setAttribute('aria-label', `Share of values around ${middle}`)
    slider.addEventListener('input', tell)
    board.append(slider)
    return slider
  })
  function tell(): void {
    const shares = sliders.map((slider) => slider.valueAsNumber / 100)
    for (const [bar, slider] of sliders.entries()) slider.style.setProperty('--share', String(shares[bar]))
    if (shares.some((share) => share > 0)) onDraw(shares)
  }
  const follow = ({ clientX, clientY }: PointerEvent): void => {
    const { left, top, width, height } = board.getBoundingClientRect()
    const bar = Math.floor(((clientX - left) / width) * drawnBars)
    const slider = sliders[Math.max(0, Math.min(drawnBars - 1, bar))]
    if (slider === undefined) return
    const before = slider.value
    slider.value = String(100 * (1 - (clientY - top) / height))
    if (slider.value !== before) tell()
  }
  board.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    board.setPointerCapture(event.pointerId)
    follow(event)
  })
  board.addEventListener('pointermove', (event) => {
    if (board.hasPointerCapture(event.pointerId)) follow(event)
  })
  for (const slider of sliders) slider.style.setProperty('--share', String(slider.valueAsNumber / 100))
  return board
}
