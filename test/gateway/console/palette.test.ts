import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const style = readFileSync(new URL('../../../gateway/console/src/style/base.css', import.meta.url), 'utf8');

/** `--name: light-dark(#rrggbb, #rrggbb)` of the style sheet. */
const palette = new Map(
  [...style.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name, { light, dark }] as const,
  ),
);

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function assertContrast(front: string, back: string, least: number): void {
  for (const scheme of ['light', 'dark'] as const) {
    const [one, other] = [palette.get(front)?.[scheme], palette.get(back)?.[scheme]];
    assert.ok(one && other, `--${front} or --${back} is not a pair of colours`);
    const ratio = contrast(one, other);
    assert.ok(
      ratio >= least,
      `--${front} on --${back}, ${scheme}: ${ratio.toFixed(2)} to 1, needed ${least}`,
    );
  }
}

test('text is readable on every ground of the console, light and dark (WCAG 2.2, 1.4.3: 4.5 to 1)', () => {
  for (const ground of ['ground', 'card', 'sunk'])
    for (const text of ['text', 'muted', 'accent']) assertContrast(text, ground, 4.5);
  for (const tone of ['watch', 'warning', 'critical', 'waiting']) assertContrast(tone, `${tone}-ground`, 4.5);
  for (const tone of ['watch', 'warning']) assertContrast(tone, 'card', 4.5);
  assertContrast('on-accent', 'accent', 4.5);
  assertContrast('card', 'text', 4.5);
  for (const badge of ['text', 'accent']) assertContrast(badge, 'waiting-ground', 4.5);
});

test('lines that carry meaning stand out from their ground (WCAG 2.2, 1.4.11: 3 to 1)', () => {
  for (const line of ['trend', 'edge', 'accent', 'warning-edge', 'watch-edge'])
    assertContrast(line, 'card', 3);
  assertContrast('critical-ground', 'card', 3);
});
