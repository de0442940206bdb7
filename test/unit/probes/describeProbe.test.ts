import assert from 'node:assert/strict';
import type { ProbeDefinition } from '../../../src/model/backendDefinition';
import { createReadinessProbe } from '../../../src/probes/createProbe';
import { describeProbe } from '../../../src/probes/describeProbe';
import { probeContext } from './fakes';

const http = { kind: 'http', scheme: 'http', method: 'GET', status: [[200, 399]], headers: {} } as const;

describe('the words of a probe', () => {
  const cases: readonly (readonly [ProbeDefinition, string])[] = [
    [{ kind: 'tcp' }, 'tcp :3000'],
    [{ kind: 'tcp', port: 5 }, 'tcp :5'],
    [{ ...http, path: '/health' }, 'http /health'],
    [{ ...http, path: '/health?deep&key=abc&x=1#top' }, 'http /health?deep&key=***&x=***#top'],
    [{ kind: 'log', pattern: 'up' }, 'log "up"'],
    [{ kind: 'log', pattern: 'up', regexFlags: 'i' }, 'log /up/i'],
    [{ kind: 'exec', argv: ['check', '--password', 'abc'] }, 'exec check --password ***'],
    [{ kind: 'grpc', service: '' }, 'grpc health'],
    [{ kind: 'unix', path: '/run/x.sock' }, 'unix /run/x.sock'],
  ];
  for (const [definition, words] of cases) {
    it(`${definition.kind}: ${words}`, () => assert.equal(describeProbe(definition, 3000), words));
  }

  it('hold what was written, never what a variable stands for', async () => {
    const run = (argv: readonly string[]): Promise<{ kind: 'notStarted'; message: string }> =>
      Promise.resolve({ kind: 'notStarted', message: `Command not found: ${argv[0] ?? ''}` });
    const probe = createReadinessProbe(
      {
        probes: [
          { kind: 'exec', argv: ['s3cret', 's3cret'] },
          { kind: 'log', pattern: 's3cret' },
        ],
        written: [
          { kind: 'exec', argv: ['${env:TOOL}', '${env:TOKEN}'] },
          { kind: 'log', pattern: '${env:TOKEN}' },
        ],
        withoutProbes: 'settle',
      },
      probeContext({ run }),
    );
    const { saw } = await probe.probe(100);
    assert.equal(probe.describe, 'exec ${env:TOOL} ${env:TOKEN} and log "${env:TOKEN}"');
    assert.match(saw, /Command not found: \$\{env:TOOL\}/);
    assert.match(saw, /waiting for "\$\{env:TOKEN\}"/);
    assert.doesNotMatch(saw, /s3cret/);
  });
});
