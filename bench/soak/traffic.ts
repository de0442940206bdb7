/** Clients of every kind that ask backends behind a gateway. */
import { Agent, request, type RequestOptions } from 'node:http';
import type { Random } from './random';

export interface Answer {
  readonly kind: 'answered' | 'refused' | 'broken' | 'late';
  readonly text: string;
}

/** A held client may have to wait for a whole start. */
const timeoutMs = 60_000;

/** One request: short or slow, with or without a body. */
export function ask(port: number, random: Random): Promise<Answer> {
  const body = random.next() < 0.3 ? 'b'.repeat(random.below(40_000)) : undefined;
  const options: RequestOptions = {
    ...{ host: '127.0.0.1', port, path: random.next() < 0.2 ? '/slow' : '/', agent: new Agent({ keepAlive: false }) },
    ...{ method: body === undefined ? 'GET' : 'POST', timeout: timeoutMs },
  };
  return new Promise((resolve) => {
    const asked = request(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', (error) => resolve({ kind: 'broken', text: error.message }));
      response.on('end', () =>
        resolve({
          kind: response.statusCode === 200 ? 'answered' : 'refused',
          text: `${response.statusCode === 200 ? '' : `${response.statusCode ?? 0} `}${text}`,
        }),
      );
    });
    asked.on('error', (error) => resolve({ kind: 'broken', text: error.message }));
    asked.on('timeout', () => {
      asked.destroy();
      resolve({ kind: 'late', text: `no answer in ${timeoutMs} ms` });
    });
    asked.end(body);
  });
}
