import assert from 'node:assert/strict';
import { FakeMachine } from './fakeMachine';
import { pass } from './steps';

async function started(definition: object): Promise<FakeMachine> {
  const machine = new FakeMachine({ command: ['server'], port: 20_000, ...definition });
  const done = machine.actor.start({ origin: 'person', environment: {}, trusted: true }).done;
  for (let step = 0; step < 50; step++) await pass(machine.clock, 10);
  await done;
  return machine;
}

describe('a backend that asks for a strict stop', () => {
  it('is_started_where_that_cannot_be_had_and_says_so_everywhere', async () => {
    const { record, logged } = await started({ stop: { strict: true } });
    assert.equal(record.state, 'ready');
    const said =
      /^"stop\.strict" cannot be had: this is a test\. A process that drops .* will not be found by a stop\./;
    assert.match(record.notStrict ?? '', said);
    assert.ok(record.timeline.entries().some(({ cause }) => said.test(cause)));
    assert.ok(logged.some((line) => line.includes('"stop.strict" cannot be had')));
  });

  it('is_not_spoken_of_where_nobody_asked', async () => {
    const { record, logged } = await started({});
    assert.equal(record.notStrict, undefined);
    assert.deepEqual(
      logged.filter((line) => line.includes('strict')),
      [],
    );
  });
});
