import assert from 'node:assert/strict';
import type { RequestHead } from '../../../src/gateway/httpHead';
import { asleepReply, pageReply, plainReply } from '../../../src/gateway/replies';
import { escapeHtml, waitingPage } from '../../../src/gateway/waitingPage';

const program: RequestHead = { method: 'GET', path: '/', framing: { kind: 'none' }, switches: false, closes: false };
const browser: RequestHead = { ...program, fetchMode: 'navigate' };
const hostile = `</pre><script>alert("1")</script>'&\u202e\u0000\u001b[31m`;

function parts(answer: Buffer): { head: string; body: string; fields: Map<string, string> } {
  const text = answer.toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  const fields = head.split('\r\n').slice(1);
  const entries = fields.map((field): [string, string] => {
    const colon = field.indexOf(': ');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 2)];
  });
  return { head, body: text.slice(end + 4), fields: new Map(entries) };
}

describe('replies of the gateway', () => {
  const failed = { status: 502, error: 'It ended.', hint: 'Look.', exitCode: 3, log: ['a', 'ü'] };

  it('are JSON for programs, and say all there is', () => {
    const { head, body, fields } = parts(plainReply(failed)(program, false));
    assert.match(head, /^HTTP\/1\.1 502 Bad Gateway\r\n/);
    assert.equal(fields.get('content-length'), String(Buffer.byteLength(body)));
    assert.equal(fields.get('connection'), 'keep-alive');
    const { error, hint, exitCode, log } = failed;
    assert.deepEqual(JSON.parse(body), { error, hint, exitCode, log, by: 'Local Backends' });
  });

  it('are a page for a person, with a head alone when only that was asked for', () => {
    const { body, fields } = parts(plainReply(failed)(browser, true));
    assert.match(body, /<title>It ended\.<\/title>/);
    assert.match(body, /<pre>a\nü<\/pre>/);
    assert.equal(fields.get('connection'), 'close');
    const headOnly = parts(plainReply(failed)({ ...browser, method: 'HEAD' }, true));
    assert.deepEqual([headOnly.body, headOnly.fields.get('content-length')], ['', fields.get('content-length')]);
  });

  it('may be kept and read by nobody else', () => {
    for (const reply of [plainReply(failed), asleepReply(failed), pageReply({ title: 'a', lines: [], log: [] })]) {
      for (const asking of [program, browser, undefined]) {
        const { head, fields } = parts(reply(asking, false));
        assert.equal(fields.get('cache-control'), 'no-store');
        assert.equal(fields.get('x-content-type-options'), 'nosniff');
        assert.doesNotMatch(head, /access-control/i);
      }
    }
  });

  it('load a page again only while it waits', () => {
    const waits = parts(pageReply({ title: 'api is starting…', lines: ['For 2 s.'], log: [] })(browser, false));
    assert.match(waits.body, /http-equiv="refresh"/);
    assert.equal(waits.fields.get('retry-after'), '1');
    const asleep = parts(asleepReply({ status: 503, retryAfterS: 30, error: 'x' })(browser, false));
    assert.doesNotMatch(asleep.body, /http-equiv="refresh"/);
    assert.match(asleep.body, /<a href="">Wake it<\/a>/);
  });
});

describe('waitingPage', () => {
  it('shows hostile text as text', () => {
    const page = waitingPage({ title: hostile, lines: [hostile], log: [hostile], link: hostile, refreshes: true });
    assert.doesNotMatch(page.text, /<script|\u202e|\u001b|<\/pre><s/);
    assert.ok(page.text.includes('&lt;script&gt;alert(&quot;1&quot;)'));
  });

  it('allows itself nothing but its own style', () => {
    const { policy } = waitingPage({ title: 'a', lines: [], log: [], refreshes: false });
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/);
  });

  it('escapes once, and keeps lines and other scripts', () => {
    assert.equal(escapeHtml('&lt;'), '&amp;lt;');
    assert.equal(escapeHtml('a\n\tb é 漢'), 'a\n\tb é 漢');
  });
});
