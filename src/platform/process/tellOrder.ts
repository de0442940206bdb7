/**
 * In which order the processes of a run are told to end. Watchers and reloaders (`nodemon`, `node --watch`, uvicorn, a shell with
 * a trap) send the signal on to their child: told together with it, the child would be told twice, which many take for
 * "at once" and leave their work unfinished. So whoever may send it on is held back until the ones below it are gone.
 */
export interface Tellable {
  readonly pid: number;
  readonly parentPid: number;
  /** It has a handler for the signal. */
  readonly catches: boolean;
  /** Base name of the program that it runs. */
  readonly program: string;
}

/** Interpreters and watchers; servers of many processes of their own (databases, nginx) need their parent to end. */
const senders =
  /^(node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|ruby[\d.]*|perl[\d.]*|php[\d.]*|(ba|da|z|k|mk|a)?sh|busybox|air|reflex|modd|entr|watchexec|cargo-watch|tini|dumb-init|hivemind|goreman|overmind|process-compose)$/;

/**
 * Pids to hold back, in waves: each is told when all who handle the signal below it are gone. Empty where nobody has
 * such a one below it.
 */
export function heldBack(members: readonly Tellable[]): readonly (readonly number[])[] {
  const byPid = new Map(members.map((member) => [member.pid, member]));
  const heights = new Map<number, number>();
  for (const member of members) {
    if (!member.catches) continue;
    let height = heights.get(member.pid) ?? 0;
    const seen = new Set([member.pid]);
    for (let above = byPid.get(member.parentPid); above && !seen.has(above.pid); above = byPid.get(above.parentPid)) {
      seen.add(above.pid);
      if (!above.catches || !senders.test(above.program)) continue;
      height = Math.max(heights.get(above.pid) ?? 0, height + 1);
      heights.set(above.pid, height);
    }
  }
  const waves: number[][] = [];
  for (const [pid, height] of heights) (waves[height - 1] ??= []).push(pid);
  return waves.filter((wave) => wave.length > 0);
}
