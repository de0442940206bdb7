/**
 * Which port a program behind a gateway took when it is not the one it was given. Nothing is guessed: one that opens
 * the port of a debugger or a second one first shall not be taken for ready there. Pure.
 */
import type { ListeningPlace } from './listeningWords';

export interface TakenPortFacts {
  /** Where its processes listen now. */
  readonly places: readonly ListeningPlace[];
  /** The hidden port, as the program was told. */
  readonly given: number;
  /** The gateway's own. */
  readonly publicPort: number | undefined;
  /** The last lines that it printed. */
  readonly printed: readonly string[];
}

export type TakenPort =
  /** It listens nowhere that would count, or where it shall. */
  | { readonly kind: 'none' }
  /** `printed`: its output names the port. */
  | { readonly kind: 'one'; readonly port: number; readonly printed: boolean }
  /** Which of them is meant cannot be told. */
  | { readonly kind: 'several'; readonly ports: readonly number[] };

const loopback = /^(127\.0\.0\.1|::1|0\.0\.0\.0|::)$/;
/** What the debuggers of Node, Java and Python take unless told otherwise, and the live update of Vite. */
const sidePorts: ReadonlySet<number> = new Set([9229, 9230, 5005, 5678, 24_678]);
const debuggerLine = /debug|inspect|transport dt_socket/i;

export function takenPort({ places, given, publicPort, printed }: TakenPortFacts): TakenPort {
  const reached = [...new Set(places.filter(({ address }) => loopback.test(address)).map(({ port }) => port))];
  if (reached.includes(given)) return { kind: 'none' };
  const ofDebugger = printed.filter((line) => debuggerLine.test(line));
  const others = reached.filter(
    (port) => port !== publicPort && !sidePorts.has(port) && !ofDebugger.some((line) => names(line, port)),
  );
  const [only] = others;
  if (only === undefined) return { kind: 'none' };
  const named = others.filter((port) => printed.some((line) => names(line, port)));
  const [first] = named;
  if (first !== undefined && named.length === 1) return { kind: 'one', port: first, printed: true };
  if (others.length === 1) return { kind: 'one', port: only, printed: false };
  return { kind: 'several', ports: others.sort((a, b) => a - b) };
}

/** Programs that print where they listen are believed sooner. */
const printedForMs = 1_000;
const silentForMs = 3_000;

/** How long it must have listened there, and not where it shall, in milliseconds. */
export function adoptAfterMs(printed: boolean, tookItBefore: boolean): number {
  if (tookItBefore) return 0;
  return printed ? printedForMs : silentForMs;
}

/** `http://localhost:5174/`, `port 5174`, `port=5174`: the number as such, not inside a longer one. */
function names(line: string, port: number): boolean {
  // Colours may stand between the colon and the number.
  return new RegExp(`(?<!\\d)${port}(?!\\d)`).test(line.replaceAll(/\u001b\[[0-9;]*m/g, ''));
}
