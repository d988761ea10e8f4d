/** UCUM codes that people write in another way than letters and powers. */
const unitTexts: Readonly<Record<string, string>> = {
  Cel: '°C',
  deg: '°',
  '{rev}/min': 'rpm',
  '/min': '1/min',
  'N.m': 'N·m',
  '1': '',
};
const powers: Readonly<Record<string, string>> = { '2': '²', '3': '³', '4': '⁴' };

/** A UCUM code as people write it: `m3/h` -> `m³/h`, `{bottle}/h` -> `bottles/h`. */
export function formatUnit(unit: string | null | undefined): string {
  if (!unit) return '';
  return (
    unitTexts[unit] ??
    unit
      .replace(/\{(\w+)\}/g, '$1s')
      .replace(/(?<=[a-zA-Z])[234]/g, (digit) => powers[digit] ?? digit)
      .replaceAll('.', '·')
  );
}

/** Lowest and highest plausible value of a signal. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Four significant digits, no exponent for usual sizes; thousands apart. With a plausible range the decimals follow it
 * (a two-thousandth of its span), so that they stay the same while the value moves.
 */
export function formatNumber(value: number | null | undefined, range?: Range | null): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (range && range.high > range.low && size < 1e7) return grouped(value.toFixed(decimalsOf(range)), size);
  if (size !== 0 && (size < 0.001 || size >= 1e7)) return value.toExponential(2);
  return grouped(value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3), size);
}

function decimalsOf({ low, high }: Range): number {
  return Math.min(6, Math.max(0, Math.ceil(-Math.log10((high - low) / 2000))));
}

function grouped(text: string, size: number): string {
  // Rounding leaves `-0.00` of small negative numbers.
  const plain = Number(text) === 0 ? text.replace('-', '') : text;
  // A thin space, as ISO 80000-1 has it.
  return size >= 10_000 ? plain.replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009') : plain;
}

const two = (value: number) => String(value).padStart(2, '0');

/** Local time, `14:03:07`. */
export function formatTime(instant: string | number): string {
  const date = new Date(instant);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Local day, `21 Nov`. */
export function formatDay(instant: string | number): string {
  return new Date(instant).toLocaleDateString('en-GB', { day: '2-digit', month: 'short' });
}

/** Local time, with the day when it is not today. */
export function formatDateTime(instant: string | number): string {
  const today = new Date(instant).toDateString() === new Date().toDateString();
  return today ? formatTime(instant) : `${formatDay(instant)} ${formatTime(instant)}`;
}

/** Times in a text, `2026-11-21T06:38:31.202Z`, as local ones. */
export function localTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (instant) => formatDateTime(instant));
}

/** `12 s`, `3 min`, `2 h`, `4 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `AWAITING_APPROVAL` -> `Awaiting approval`. */
export function formatEnum(value: string): string {
  const text = value.replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `bearingTemperature` -> `Bearing temperature`, `URIOfTheProduct` -> `URI of the product`. */
export function formatName(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  const text = words
    .split(' ')
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A property's value in words: of a text in several languages the reader's, else English, else the first. */
export function formatProperty(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value);
  if (
    entries.length &&
    entries.every(([key, text]) => /^[a-z]{2,3}(-\w+)?$/.test(key) && typeof text === 'string')
  ) {
    const own = navigator.language.slice(0, 2);
    const texts = Object.fromEntries(entries) as Record<string, string>;
    return texts[own] ?? texts['en'] ?? String(entries[0]?.[1]);
  }
  return JSON.stringify(value);
}
