import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatNumber, formatTime } from '../format.ts';
import { calmRange } from '../series.ts';
import { themeColour, watchTheme } from '../theme.ts';
import { drawMarks, type Mark } from './plot-marks.ts';

/** What a plot shows. `x` is epoch seconds, or any number with `numeric`. */
export interface PlotProps {
  readonly label: string;
  readonly unit: string;
  /** In words what can be seen, for people who cannot. */
  readonly summary: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** Lowest and highest around `y`, drawn as a band. */
  readonly band?: { readonly min: readonly (number | null)[]; readonly max: readonly (number | null)[] };
  /** What the x axis covers. */
  readonly span: readonly [number, number];
  readonly numeric?: boolean;
  /** The least span of the y axis. */
  readonly minSpan: number;
  /** The y axis begins at 0. */
  readonly fromZero?: boolean;
  readonly marks?: readonly Mark[];
}

const height = 160;
const font = '12px system-ui, sans-serif';

/** One series over time (or frequency) on a canvas; follows its data, its width and the colours of the page. */
export function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const reading = useRef<HTMLSpanElement>(null);
  const plot = useRef<uPlot | null>(null);
  const current = useRef(props);
  current.current = props;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const width = () => Math.max(120, element.clientWidth);
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(current, reading, width()), columns(current.current), element);
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: width(), height }));
    resized.observe(element);
    const unwatch = watchTheme(make);
    return () => {
      resized.disconnect();
      unwatch();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [props.label, props.numeric]);

  useEffect(() => plot.current?.setData(columns(current.current)), [props.x, props.y, props.span]);

  return (
    <div class="plot" ref={box} role="img" aria-label={props.summary}>
      <span class="reading" ref={reading} aria-hidden="true" />
    </div>
  );
}

function columns({ x, y, band }: PlotProps): uPlot.AlignedData {
  return (band ? [x, y, band.min, band.max] : [x, y]) as unknown as uPlot.AlignedData;
}

function options(
  current: { readonly current: PlotProps },
  reading: { readonly current: HTMLSpanElement | null },
  width: number,
): uPlot.Options {
  const props = current.current;
  const trend = themeColour('--trend');
  const line = themeColour('--line');
  const axis = {
    stroke: themeColour('--muted'),
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font,
    gap: 6,
  };
  const hidden = { stroke: 'transparent', width: 0, points: { show: false } };
  let yRange: [number, number] | null = null;
  return {
    width,
    height,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      points: { size: 6 },
      ...(props.numeric ? {} : { sync: { key: 'time' } }),
    },
    scales: {
      x: { time: !props.numeric, range: () => [...current.current.span] as [number, number] },
      y: {
        range: (_plot, low, high) => {
          const { minSpan, fromZero } = current.current;
          // Without data there is no axis: its numbers would mean nothing. uPlot takes nulls, its types do not say so.
          if (low === null || high === null) return [null, null] as unknown as [number, number];
          yRange = calmRange(yRange, fromZero ? 0 : low, high, minSpan);
          return fromZero ? [0, yRange[1]] : yRange;
        },
      },
    },
    axes: [
      { ...axis, size: 28, space: 70, values: (_plot, splits) => splits.map(xText(props)) },
      {
        ...axis,
        size: 56,
        space: 32,
        values: (_plot, splits, _axis, _space, step) => splits.map(decimals(step)),
      },
    ],
    series: [
      {},
      { stroke: trend, width: 1.5, spanGaps: false, points: { show: false } },
      ...(props.band ? [hidden, hidden] : []),
    ],
    ...(props.band ? { bands: [{ series: [3, 2] as [number, number], fill: themeColour('--band') }] } : {}),
    hooks: {
      draw: [(plot) => drawMarks(plot, current.current.marks ?? [], font)],
      setCursor: [(plot) => show(plot, current.current, reading.current)],
    },
  };
}

const xText = (props: PlotProps) => (value: number) => {
  if (props.numeric) return String(value);
  const text = formatTime(value * 1000);
  return props.span[1] - props.span[0] > 1200 ? text.slice(0, 5) : text;
};

const decimals = (step: number) => (value: number) =>
  value.toFixed(Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))));

/** The value under the cursor, in words. */
function show(plot: uPlot, props: PlotProps, element: HTMLElement | null): void {
  if (!element) return;
  const index = plot.cursor.left !== undefined && plot.cursor.left >= 0 ? plot.cursor.idx : null;
  const x = index === null || index === undefined ? undefined : props.x[index];
  const value = index === null || index === undefined ? null : props.y[index];
  const at = x === undefined ? '' : props.numeric ? `${x} Hz` : formatTime(x * 1000);
  element.textContent = x === undefined ? '' : `${at}  ${formatNumber(value)} ${props.unit}`;
}
