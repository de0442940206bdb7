import assert from 'node:assert/strict';
import { GatewayUse } from '../../../src/broker/gatewayUse';
import { ManualClock } from '../vscode/manualClock';

describe('use through a gateway', () => {
  it('is_told_at_once_then_once_in_a_while_and_then_with_the_request_that_came_last', () => {
    const clock = new ManualClock();
    const told: string[] = [];
    const use = new GatewayUse('/folder#api', clock, {
      used: (_key, because) => void told.push(because),
      held: () => {},
      released: () => {},
    });
    const route = { lastCountedMs: 0, leases: () => [] };
    use.follow(route as never);
    use.counted('GET /first');
    clock.advance(10);
    route.lastCountedMs = clock.nowMs();
    use.counted('GET /second');
    use.counted('GET /third');
    assert.deepEqual(told, ['GET /first']);
    clock.advance(10_000);
    assert.deepEqual(told, ['GET /first', 'GET /third']);
    use.dispose();
    assert.equal(clock.pending, 0);
  });
});
