/** Which scripts of a package.json are worth offering as backends. */

export interface PackageScript {
  readonly name: string;
  readonly text: string;
}

/** The one that people start first; later ones are mostly the same program in another mode. */
const mainScripts: readonly string[] = ['dev', 'develop', 'start:dev', 'serve', 'start'];

const roles =
  '(api|server|backend|web|www|site|app|ui|frontend|client|admin|worker|workers|jobs|queue|scheduler|websocket|graphql|gateway)';
const roleScript = new RegExp(`^(?:(?:dev|start|serve|watch|run)[:-])?${roles}(?:[:-](?:dev|start|serve|watch))?$`);

/** Starts other scripts side by side: one row for all of them would say little. */
const aggregator = /\b(concurrently|npm-run-all|run-p|mprocs|wireit)\b|(^|\s)&(\s|$)/;

/** A command that does its work and exits, as far as its text tells. */
const exits =
  /^\s*(echo|true|false|exit|rimraf|rm|cp|mkdir|husky|eslint|prettier|jest|mocha|vitest)\b|\bprisma (migrate|generate|db)\b[^&;]*$/;

export function chosenScripts(scripts: readonly PackageScript[]): readonly PackageScript[] {
  const running = scripts.filter(({ text }) => !exits.test(text) && !isSingleCompile(text));
  const parts = running.filter(({ name }) => roleScript.test(name));
  const [main] = mainScripts.flatMap((wanted) => running.filter(({ name }) => name === wanted));
  const watch = running.find(({ name }) => name === 'watch');
  if (main === undefined) return parts.length > 0 ? parts : watch ? [watch] : [];
  // Parts that the main script starts itself would be started twice.
  const covers = parts.length > 1 && aggregator.test(main.text);
  const others = parts.filter(({ name }) => covers || !main.text.includes(name));
  return covers ? others : [main, ...others];
}

/** The role that a script's name speaks of: `dev:api` → `api`. */
export function roleOf(name: string): string | undefined {
  return roleScript.exec(name)?.[1];
}

function isSingleCompile(text: string): boolean {
  return (
    /^\s*(tsc|vue-tsc|webpack|rollup|esbuild|babel|turbo run build|nx build)\b/.test(text) &&
    !/(-w\b|--watch\b|\bserve\b|\s-\w*w\b)/.test(text)
  );
}
