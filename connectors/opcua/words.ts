/** Abbreviations and other words that stand on tags of control systems, each for the word models use. */
const meanings: Readonly<Record<string, string>> = {
  amp: 'current',
  amps: 'current',
  cur: 'current',
  curr: 'current',
  mtr: 'motor',
  mot: 'motor',
  temp: 'temperature',
  tmp: 'temperature',
  tt: 'temperature',
  brg: 'bearing',
  wdg: 'winding',
  press: 'pressure',
  prs: 'pressure',
  pt: 'pressure',
  suc: 'suction',
  suct: 'suction',
  inlet: 'suction',
  dis: 'discharge',
  disch: 'discharge',
  outlet: 'discharge',
  out: 'discharge',
  spd: 'speed',
  rpm: 'speed',
  flw: 'flow',
  ft: 'flow',
  flowrate: 'flow',
  pwr: 'power',
  kw: 'power',
  vib: 'velocity',
  vibration: 'velocity',
  vel: 'velocity',
  acc: 'acceleration',
  accel: 'acceleration',
  pk: 'peak',
  env: 'envelope',
  spec: 'spectrum',
  spect: 'spectrum',
  run: 'running',
  on: 'running',
  runs: 'running',
  sup: 'supply',
  ret: 'return',
  vol: 'volume',
  trq: 'torque',
  btl: 'bottle',
  bottles: 'bottle',
  bph: 'rate',
  stromstaerke: 'current',
  strom: 'current',
  temperatur: 'temperature',
  druck: 'pressure',
  drehzahl: 'speed',
  leistung: 'power',
  durchfluss: 'flow',
  drehmoment: 'torque',
};

/** The words of a tag or signal name, in full: `P101_MTR_AMPS` gives p101, motor, current. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map((word) => meanings[word] ?? word);
}

/** Words in both by words in either, 0 to 1; words that only say where a tag comes from weigh half. */
export function sharesOf(wanted: readonly string[], found: readonly string[]): number {
  const a = new Set(wanted);
  const b = new Set(found);
  const both = [...a].filter((word) => b.has(word)).length;
  if (!both) return 0;
  const missing = a.size - both;
  const surplus = b.size - both;
  return both / (both + missing + surplus / 2);
}
