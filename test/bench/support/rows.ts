/** One measured figure. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What `ratio` compares with, or `null`. */
  readonly baseline: string | null;
  /** value / baseline's value. */
  readonly ratio: number | null;
}

/** A row compared with a value of the same unit. */
export function row(
  name: string,
  value: number,
  unit: string,
  baseline?: { readonly name: string; readonly value: number },
): Row {
  return {
    name,
    value,
    unit,
    baseline: baseline?.name ?? null,
    ratio: baseline ? value / baseline.value : null,
  };
}

/** The value below which `share` of all lie (nearest rank). @param share - 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The rows as aligned text. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [
    ['name', 'value', 'unit', 'baseline', 'ratio'],
    ...rows.map((one) => [
      one.name,
      formatNumber(one.value),
      one.unit,
      one.baseline ?? '',
      one.ratio === null ? '' : one.ratio.toFixed(2),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const right = [1, 4];
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ');
  return cells.map((line) => format(line).trimEnd()).join('\n');
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 1);
}
