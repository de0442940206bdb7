/** What a browser shows of a backend that is not up: nothing in it runs, everything in it is escaped. */
import { createHash } from 'node:crypto';

export interface PageText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly log: readonly string[];
  /** Loads itself again; otherwise the page offers a link to do so. */
  readonly refreshes: boolean;
  /** Words of the link. */
  readonly link?: string;
}

const style = [
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:3em auto;padding:0 1.5em;color:#222;background:#fff}',
  'h1{font-size:1.3em}pre{background:#f4f4f4;padding:1em;overflow:auto;white-space:pre-wrap;word-break:break-word}',
  'footer{color:#777;font-size:.85em}',
  '@media(prefers-color-scheme:dark){body{color:#ddd;background:#1e1e1e}pre{background:#2a2a2a}a{color:#6cb6ff}}',
].join('');
const styleHash = createHash('sha256').update(style).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

export function waitingPage(page: PageText): { readonly text: string; readonly policy: string } {
  const text = [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    page.refreshes ? '<meta http-equiv="refresh" content="1">' : '',
    `<title>${escapeHtml(page.title)}</title><style>${style}</style></head><body>`,
    `<h1>${escapeHtml(page.title)}</h1>`,
    ...page.lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    page.link === undefined ? '' : `<p><a href="">${escapeHtml(page.link)}</a></p>`,
    page.log.length === 0 ? '' : `<pre>${page.log.map(escapeHtml).join('\n')}</pre>`,
    '<footer>Local Backends</footer></body></html>',
  ];
  return { text: `${text.filter((part) => part !== '').join('\n')}\n`, policy };
}

export function escapeHtml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
      // What turns the direction of text around, or is no text at all.
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  );
}
