/** What the gateway says on its own, as bytes of HTTP/1.1. Never an access header: no page may read it from elsewhere. */
import type { RequestHead } from './httpHead';

export interface Answer {
  readonly status: number;
  readonly retryAfterS?: number;
  readonly error: string;
  readonly hint?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly log?: readonly string[];
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** For programs. */
export function jsonAnswer(answer: Answer, head: RequestHead | undefined, closes: boolean): Buffer {
  const { status, retryAfterS, ...said } = answer;
  const body = `${JSON.stringify({ ...said, by: 'Local Backends' }, undefined, 2)}\n`;
  return message({ status, retryAfterS, closes, type: 'application/json; charset=utf-8', head }, body);
}

/** For people; the page holds nothing that runs. */
export function htmlAnswer(
  { status, retryAfterS }: Pick<Answer, 'status' | 'retryAfterS'>,
  html: { readonly text: string; readonly policy: string },
  head: RequestHead | undefined,
  closes: boolean,
): Buffer {
  return message(
    { status, retryAfterS, closes, type: 'text/html; charset=utf-8', policy: html.policy, head },
    html.text,
  );
}

interface MessageFacts {
  readonly status: number;
  readonly retryAfterS: number | undefined;
  readonly closes: boolean;
  readonly type: string;
  readonly policy?: string;
  readonly head: RequestHead | undefined;
}

function message(facts: MessageFacts, body: string): Buffer {
  const content = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${facts.status} ${reasons[facts.status] ?? 'Error'}`,
    `Content-Type: ${facts.type}`,
    `Content-Length: ${content.length}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    ...(facts.policy === undefined ? [] : [`Content-Security-Policy: ${facts.policy}`]),
    ...(facts.retryAfterS === undefined ? [] : [`Retry-After: ${facts.retryAfterS}`]),
    `Connection: ${facts.closes ? 'close' : 'keep-alive'}`,
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return facts.head?.method === 'HEAD' ? head : Buffer.concat([head, content]);
}
