import type uPlot from 'uplot';
import { themeColour } from '../theme.ts';

/** A line across a plot with a word to it. */
export interface Mark {
  /** `x`: a vertical line at an x value; `y`: a horizontal one. */
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly label: string;
  /** Draws the eye. @default false */
  readonly strong?: boolean;
}

/** Draws the marks that lie within the plot; labels of neighbours are put on different heights. */
export function drawMarks(plot: uPlot, marks: readonly Mark[], font: string): void {
  if (!marks.length) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio || 1;
  const quiet = themeColour('--muted');
  const strong = themeColour('--warning');
  ctx.save();
  ctx.font = font.replace(/^\d+/, (size) => String(Math.round(Number(size) * ratio)));
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  const ends = [0, 0, 0];
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    const scale = plot.scales[mark.axis];
    if (!scale || mark.at < (scale.min ?? 0) || mark.at > (scale.max ?? 0)) continue;
    const at = plot.valToPos(mark.at, mark.axis, true);
    ctx.strokeStyle = ctx.fillStyle = mark.strong ? strong : quiet;
    ctx.beginPath();
    if (mark.axis === 'x') {
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
    } else {
      ctx.moveTo(bbox.left, at);
      ctx.lineTo(bbox.left + bbox.width, at);
    }
    ctx.stroke();
    const wide = ctx.measureText(mark.label).width;
    if (mark.axis === 'y') {
      ctx.fillText(mark.label, bbox.left + 4 * ratio, at - 4 * ratio);
      continue;
    }
    const row = Math.max(
      0,
      ends.findIndex((end) => end < at),
    );
    const left = Math.min(at + 3 * ratio, bbox.left + bbox.width - wide);
    ends[row] = left + wide + 6 * ratio;
    ctx.fillText(mark.label, left, bbox.top + (12 + 14 * row) * ratio);
  }
  ctx.restore();
}
