/**
 * Between the choice of the port behind a gateway and the moment the process binds it a stranger may take it. Whether
 * the start then goes on with another one. Pure.
 */

/** So many processes are started for one start at most. */
export const mostHiddenPorts = 3;

export interface EndedEarly {
  /** Processes started for this start, with the one that ended. */
  readonly started: number;
  /** The hidden port it was given; undefined without a gateway, where the port is not ours to choose. */
  readonly port: number | undefined;
  /** Somebody who is none of its processes listens there now. */
  readonly heldByStranger: boolean;
  /** Its last lines. */
  readonly said: readonly string[];
}

export function goesOnElsewhere({ started, port, heldByStranger, said }: EndedEarly): boolean {
  if (port === undefined || started >= mostHiddenPorts) return false;
  // The stranger may have left again; a line without the number may mean any port.
  return heldByStranger || said.some((line) => saysInUse(line) && namesPort(line, port));
}

/** Programs say so in the words of the system. */
export function saysInUse(line: string): boolean {
  return /EADDRINUSE|address already in use/i.test(line);
}

function namesPort(line: string, port: number): boolean {
  return line.split(/\D+/).includes(String(port));
}
