/** Text that stays readable over lines: the ground's colour around every letter. */
import type { Frame } from './canvas.ts'

export const fillTextOnGround = (
  { context, theme }: Frame,
  text: string,
  x: number,
  y: number,
  colour: string,
): void => {
  context.lineJoin = 'round'
  context.lineWidth = 4
  context.strokeStyle = theme.surface
  context.strokeText(text, x, y)
  context.fillStyle = colour
  context.fillText(text, x, y)
}
