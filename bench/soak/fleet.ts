/** The backends of a soak. */
import { hostileProgram } from '../../test/support/hostileProgram';

export interface Member {
  readonly name: string;
  /** Its public port, where it stands behind a gateway. */
  readonly port?: number;
  readonly definition: object;
}

const kinds = ['plain', 'plain', 'plain', 'stubborn', 'chatty', 'forks'] as const;

/** Two thirds behind gateways; the rest has no port, or restarts after its failures. */
export function fleet(ports: readonly number[], lifeMinutes: number): readonly Member[] {
  const life = String(lifeMinutes);
  const behind = ports.map((port, index): Member => {
    const name = `web${index}`;
    const kind = kinds[index % kinds.length] ?? 'plain';
    const [node = '', path = ''] = hostileProgram('soakServer.mjs');
    // Some as a list, some as text with a shell between.
    const list = [node, path, name, '${port}', kind, life];
    const command = index % 4 === 3 ? `${list.join(' ')}; true` : list;
    return { name, port, definition: { command, port, idleTimeout: `${1 + (index % 3)}s`, stop: { grace: '500ms' } } };
  });
  const workers = Array.from({ length: ports.length / 2 }, (_, index): Member => {
    const name = `job${index}`;
    const kind = index % 3 === 0 ? 'frail' : index % 3 === 1 ? 'chatty' : 'plain';
    const restart = kind === 'frail' ? { restart: 'onFailure' } : {};
    const command = hostileProgram('soakServer.mjs', name, 'none', kind, life);
    return { name, definition: { command, ready: { log: 'up' }, stop: { grace: '500ms' }, ...restart } };
  });
  return [...behind, ...workers];
}
