import assert from 'node:assert/strict';
import { finalLook } from '../../../src/broker/finalLook';
import { ManualClock } from '../vscode/manualClock';

describe('the look on which a sleep is decided', () => {
  let clock: ManualClock;
  let looks: number;
  beforeEach(() => {
    clock = new ManualClock();
    looks = 0;
  });
  /** A look during which this much time passes, the first one only. */
  const look = (firstTakesMs: number, sees: () => string | undefined) => (): Promise<string | undefined> => {
    if (looks++ === 0) clock.advance(firstTakesMs);
    return Promise.resolve(sees());
  };

  it('is made once when nothing interrupts it', async () => {
    assert.equal(
      await finalLook(
        clock,
        look(5, () => undefined),
      ),
      undefined,
    );
    assert.equal(
      await finalLook(
        clock,
        look(5, () => '1 open connection'),
      ),
      '1 open connection',
    );
    assert.equal(looks, 2);
  });

  it('is made again by a process that was frozen in it, and what came meanwhile counts', async () => {
    const sees = (): string | undefined => (looks === 1 ? undefined : '1 open connection');
    assert.equal(await finalLook(clock, look(2_500, sees)), '1 open connection');
    assert.equal(looks, 2);
  });

  it('is never a yes where every look is interrupted', async () => {
    const slow = (): Promise<undefined> => {
      clock.advance(5_000);
      return Promise.resolve(undefined);
    };
    assert.match((await finalLook(clock, slow)) ?? '', /too busy to tell/);
  });

  it('is a no when it fails', async () => {
    const fails = (): Promise<undefined> => Promise.reject(new Error('too many open files'));
    assert.match((await finalLook(clock, fails)) ?? '', /could not be looked at \(too many open files\)/);
  });
});
