import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../components/ui/tokens.css', import.meta.url), 'utf8');

/** The declarations of a rule: the tokens by name, without their prefix. */
function tokensAfter(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`tokens.css has no rule “${selector}”.`);
  const body = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...body.matchAll(/--ow-([a-z0-9-]+):\s*([^;]+);/gu)].map(([, name = '', value = '']) => [name, value]),
  );
}

const light = tokensAfter(':root');
const dark = tokensAfter(':root[data-theme="dark"]');

function channels(hex: string): number[] {
  if (!/^#[0-9a-f]{6}$/u.test(hex)) throw new Error(`“${hex}” is no colour of six digits.`);
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = channels(hex).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['canvas', 'surface', 'sunken', 'hover', 'selected'];

function worst(tokens: Map<string, string>, name: string): number {
  const colour = (token: string): string => tokens.get(token) ?? '';
  return Math.min(...grounds.map((ground) => contrast(colour(name), colour(ground))));
}

/** Worst ratios against the five grounds, as the design states them: light, dark. */
const promised: Record<string, [number, number]> = {
  text: [14.8, 11.8],
  'text-2': [6.9, 7.4],
  'text-3': [5.0, 5.4],
  'border-control': [3.2, 3.5],
  accent: [5.7, 6.8],
  danger: [5.6, 6.9],
  warn: [6.3, 8.0],
  ok: [6.0, 8.1],
  unknown: [7.0, 7.5],
};

/** The design states one decimal. */
const rounding = 0.06;

/** A colour on a ground of its own. */
const pairs: [string, string, number, number][] = [
  ['on-accent', 'accent', 6.6, 8.6],
  ['on-danger', 'danger', 6.5, 8.5],
  ['danger', 'danger-tint', 5.8, 7.8],
  ['warn', 'warn-tint', 6.7, 8.4],
  ['ok', 'ok-tint', 6.2, 8.3],
  ['unknown', 'unknown-tint', 7.0, 8.1],
];

describe('U1 the colours keep the contrast that the design states', () => {
  for (const [scheme, tokens, column] of [
    ['light', light, 0],
    ['dark', dark, 1],
  ] as const) {
    for (const [name, ratios] of Object.entries(promised))
      it(`${name}, ${scheme}`, () => {
        expect(worst(tokens, name)).toBeGreaterThanOrEqual(ratios[column] - rounding);
      });
    for (const [name, ground, ...ratios] of pairs)
      it(`${name} on ${ground}, ${scheme}`, () => {
        expect(contrast(tokens.get(name) ?? '', tokens.get(ground) ?? '')).toBeGreaterThanOrEqual(
          (ratios[column] ?? 0) - rounding,
        );
      });
    it(`text and accent on every tint and hover fill, ${scheme}`, () => {
      for (const ground of ['danger-tint', 'warn-tint', 'ok-tint', 'unknown-tint']) {
        expect(contrast(tokens.get('text') ?? '', tokens.get(ground) ?? '')).toBeGreaterThanOrEqual(7);
        expect(contrast(tokens.get('accent') ?? '', tokens.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
      }
      expect(
        contrast(tokens.get('on-accent') ?? '', tokens.get('accent-hover') ?? ''),
      ).toBeGreaterThanOrEqual(4.5);
      expect(
        contrast(tokens.get('on-danger') ?? '', tokens.get('danger-hover') ?? ''),
      ).toBeGreaterThanOrEqual(4.5);
    });
  }

  it('says the same for the system’s wish and for the override', () => {
    const wished = tokensAfter(':root:not([data-theme="light"])');
    expect([...wished]).toEqual([...dark]);
    expect([...dark.keys()].filter((name) => !light.has(name))).toEqual([]);
  });
});
