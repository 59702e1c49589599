import type { PaceMeasured } from './pacing.ts';

const width = 760;
const height = 320;
const margin = { left: 56, right: 16, top: 44, bottom: 44 };
/** Seconds that are counted together. */
const bin = 0.5;

/** An SVG of the answers a second, let through and refused, in bins of half a second, over the limit of the moment. */
export function drawPace({ stretches, answers }: PaceMeasured): string {
  const end = stretches.at(-1)?.until ?? 0;
  const bins = Array.from({ length: Math.ceil(end / bin) }, () => ({ passed: 0, refused: 0 }));
  for (const { at, status } of answers) {
    const slot = bins[Math.floor(at / bin)];
    if (slot) slot[status === 429 ? 'refused' : 'passed'] += 1;
  }
  const most = Math.max(...bins.map(({ passed, refused }) => (passed + refused) / bin));
  const top = Math.ceil(most / 25) * 25;
  const x = (seconds: number): number =>
    round(margin.left + (seconds / end) * (width - margin.left - margin.right));
  const y = (perSecond: number): number =>
    round(height - margin.bottom - (perSecond / top) * (height - margin.top - margin.bottom));

  const bars = bins
    .map(({ passed }, index) => {
      const [left, right, high] = [x(index * bin), x((index + 1) * bin), y(passed / bin)];
      return `M${left} ${y(0)}V${high}H${round(right - 1)}V${y(0)}Z`;
    })
    .join('');
  const refusals = answers.filter(({ status }) => status === 429);
  const marks = refusals.map(({ at }) => `<circle cx="${x(at)}" cy="${y(0) - 5}" r="3.5"/>`).join('');
  const limit = stretches
    .map(({ from, until, rate }, index) => `${index === 0 ? 'M' : 'L'}${x(from)} ${y(rate)}H${x(until)}`)
    .join('');
  const labels = stretches
    .map(
      ({ from, until, rate }) =>
        `<text x="${x((from + until) / 2)}" y="${y(rate) - 8}" text-anchor="middle" class="limit">${rate} a second</text>`,
    )
    .join('');
  const lines = Array.from({ length: top / 25 + 1 }, (_, index) => index * 25);
  const grid = lines
    .map(
      (value) =>
        `<path d="M${margin.left} ${y(value)}H${width - margin.right}" class="grid"/><text x="${margin.left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    )
    .join('');
  const ticks = stretches
    .flatMap(({ from, until }) => [from, (from + until) / 2])
    .concat(end)
    .map((value) => `<text x="${x(value)}" y="${height - 22}" text-anchor="middle">${value} s</text>`)
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">Calls a second of one busy connection while the workspace's limit falls from 50 to 15 and rises to 80: after the burst that each bucket allows they follow the limit; ${refusals.length} of ${answers.length} were refused.</title>
<style>
svg { background: #fff; font: 12px system-ui, sans-serif; }
text { fill: #4b5563; } .limit { fill: #b45309; font-weight: 600; } .head { fill: #111827; font-size: 14px; font-weight: 600; }
.grid { stroke: #e5e7eb; } .passed { fill: #3b6fd4; } .line { fill: none; stroke: #b45309; stroke-width: 2; } .refused { fill: #b91c1c; }
@media (prefers-color-scheme: dark) {
svg { background: #14171c; } text { fill: #9aa4b2; } .head { fill: #e5e7eb; } .limit { fill: #f0a94a; }
.grid { stroke: #2a2f38; } .passed { fill: #6b97f0; } .line { stroke: #f0a94a; } .refused { fill: #f87171; }
}
</style>
<text x="${margin.left}" y="20" class="head">Calls let through, a second</text>
<text x="${width - margin.right}" y="20" text-anchor="end">line: the workspace's limit · red dots: answered 429 (${refusals.length} of ${answers.length})</text>
${grid}
<path d="${bars}" class="passed"/>
<path d="${limit}" class="line"/>
<g class="refused">${marks}</g>
${labels}${ticks}
</svg>
`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
