/** Draws how late each waiter was: a dot at the median, a line to the 95th percentile, on a logarithmic scale. */
import { launchBrowser } from '../../test/support/vscode/browser';

export interface PlotRow {
  readonly name: string;
  readonly prints: Latency;
  readonly silent: Latency;
}

export interface Latency {
  readonly medianMs: number;
  readonly p95Ms: number;
}

const [width, left, right, rowHeight, top] = [760, 190, 96, 34, 64];
const [leastMs, mostMs] = [0.5, 3_000];
const colours = { prints: '#0969da', silent: '#bf8700' } as const;

function x(ms: number): number {
  const share = Math.log(Math.min(mostMs, Math.max(leastMs, ms)) / leastMs) / Math.log(mostMs / leastMs);
  return left + share * (width - left - right);
}

export function plotSvg(rows: readonly PlotRow[], title: string): string {
  const height = top + rows.length * rowHeight + 34;
  const bottom = height - 30;
  const ticks = [1, 10, 100, 1_000].map((ms) => {
    const label = ms < 1_000 ? `${ms} ms` : '1 s';
    return `<line x1="${x(ms)}" x2="${x(ms)}" y1="${top - 8}" y2="${bottom}" stroke="#d0d7de"/>
      <text x="${x(ms)}" y="${height - 12}" text-anchor="middle" fill="#57606a">${label}</text>`;
  });
  const bars = rows.map((row, index) => {
    const y = top + index * rowHeight + rowHeight / 2;
    return `<text x="${left - 12}" y="${y + 4}" text-anchor="end" fill="#1f2328"${index === 0 ? ' font-weight="bold"' : ''}>${row.name}</text>
      ${bar(row.prints, y - 6, colours.prints)}${bar(row.silent, y + 7, colours.silent)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
    <rect width="100%" height="100%" fill="#ffffff"/>
    <text x="16" y="22" font-size="14" font-weight="bold" fill="#1f2328">${title}</text>
    ${legend(16, 42, colours.prints, 'the server prints a line')}${legend(200, 42, colours.silent, 'the server prints nothing')}
    <text x="${width - 16}" y="46" text-anchor="end" fill="#57606a">dot: median, line: to the 95th percentile</text>
    ${ticks.join('')}${bars.join('')}</svg>`;
}

function bar({ medianMs, p95Ms }: Latency, y: number, colour: string): string {
  return `<line x1="${x(medianMs)}" x2="${x(p95Ms)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3" stroke-opacity="0.45"/>
    <circle cx="${x(medianMs)}" cy="${y}" r="4" fill="${colour}"/>
    <text x="${x(p95Ms) + 7}" y="${y + 4}" font-size="10" fill="#57606a">${medianMs.toFixed(medianMs < 10 ? 1 : 0)} / ${p95Ms.toFixed(p95Ms < 10 ? 1 : 0)}</text>`;
}

function legend(at: number, y: number, colour: string, words: string): string {
  return `<circle cx="${at + 4}" cy="${y}" r="4" fill="${colour}"/><text x="${at + 14}" y="${y + 4}" fill="#1f2328">${words}</text>`;
}

export async function renderPng(svg: string, file: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    await page.locator('svg').screenshot({ path: file });
  } finally {
    await browser.close();
  }
}
