import { CancellationSource, type CancellationSignal } from '../base/cancellation';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import { formatEndpoint, loopbackAddresses } from '../platform/net/loopback';
import type { ExchangeLimits } from '../platform/net/socketExchange';
import type { PortHolderFacts, ProbeOutcome } from '../platform/net/types';
import type { ProbeContext } from './probe';

type Context = Pick<ProbeContext, 'clock' | 'verifyOwner' | 'suspectOwner' | 'ownsNow'>;

/** An address that neither answers nor refuses holds the look at the next one up for so long. */
const headStartMs = 10;

/**
 * Looks at 127.0.0.1, and at ::1 as soon as that has refused or does not satisfy: servers that bind `localhost` take one of
 * them, and which one differs per runtime. The first success that comes from our own process counts; the other look is cut.
 */
export async function probeLoopback(
  port: number,
  limits: ExchangeLimits,
  context: Context,
  look: (address: string, limits: ExchangeLimits) => Promise<ProbeOutcome>,
): Promise<ProbeOutcome> {
  const rest = new CancellationSource();
  const link = limits.signal.onCancelled(() => rest.cancel());
  const lookAt = async (address: string): Promise<ProbeOutcome> => {
    // Asked while the server makes up its answer: whoever has accepted the connection will give it.
    const listener = { isOurs: false };
    const onConnected = (): void => {
      listener.isOurs = context.ownsNow?.(port, address) === true;
    };
    const seen = await look(address, { timeoutMs: limits.timeoutMs, signal: rest, onConnected });
    if (listener.isOurs) return seen;
    if (seen.ok) return ownedOutcome(seen, port, address, context);
    // Whoever accepts and does not satisfy may be a stranger too; that is looked at less often.
    const owner = seen.connected === true && !rest.cancelled ? await context.suspectOwner?.(port, address) : undefined;
    return owner?.kind === 'stranger' ? heldBy(owner.holder, port, address) : seen;
  };
  try {
    return await firstSuccess(inTurn(loopbackAddresses(), lookAt, context, rest), rest);
  } finally {
    link.dispose();
    rest.cancel();
  }
}

/** Each look begins when the one before it has come to nothing, or after its head start. */
function inTurn(
  addresses: readonly string[],
  lookAt: (address: string) => Promise<ProbeOutcome>,
  { clock }: Context,
  rest: CancellationSignal,
): readonly Promise<ProbeOutcome>[] {
  const looks: Promise<ProbeOutcome>[] = [];
  for (const address of addresses) {
    const before = looks.at(-1);
    const look = (): Promise<ProbeOutcome> => (rest.cancelled ? Promise.resolve(cut) : lookAt(address));
    looks.push(before === undefined ? look() : turnAfter(before, clock, rest).then(look));
  }
  return looks;
}

function turnAfter(look: Promise<ProbeOutcome>, clock: Clock, rest: CancellationSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(headStartMs, resolve);
    const now = (): void => {
      timer.dispose();
      resolve();
    };
    // One that satisfies needs no other: then the rest is cancelled.
    look.then(({ ok }) => ok || now(), now);
    rest.onCancelled(now);
  });
}

const cut: ProbeOutcome = { ok: false, saw: 'cancelled' };

/** The first ok outcome as soon as it is there, else the one that says most. */
function firstSuccess(looks: readonly Promise<ProbeOutcome>[], signal: CancellationSignal): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const settled = looks.map((look) =>
      look.then(
        (outcome) => {
          if (outcome.ok && !signal.cancelled) resolve(outcome);
          return { ...outcome, ok: false };
        },
        (error: unknown) => ({ ok: false, saw: errorMessage(error) }),
      ),
    );
    void Promise.all(settled).then((failures) => resolve(mostTelling(failures)));
  });
}

async function ownedOutcome(
  seen: ProbeOutcome,
  port: number,
  address: string,
  context: Context,
): Promise<ProbeOutcome> {
  const owner = await context.verifyOwner(port, address);
  if (owner.kind === 'ours') return seen;
  if (owner.kind === 'unknown') return { ...seen, saw: `${seen.saw} (whose it is cannot be told)` };
  return heldBy(owner.holder, port, address);
}

function heldBy(holder: PortHolderFacts, port: number, address: string): ProbeOutcome {
  const { pid, command } = holder;
  const who = pid === undefined ? 'another program' : `pid ${pid}${command === undefined ? '' : ` (${command})`}`;
  return { ok: false, saw: `${formatEndpoint(address, port)} is held by ${who}`, holder };
}

/** An answer says more than a stranger, a stranger more than a refusal; IPv4 (the first) wins a draw. */
function mostTelling(outcomes: readonly ProbeOutcome[]): ProbeOutcome {
  const answered = outcomes.find((outcome) => outcome.connected === true);
  const held = outcomes.find((outcome) => outcome.holder !== undefined);
  return answered ?? held ?? outcomes[0] ?? { ok: false, saw: 'no address to look at' };
}
