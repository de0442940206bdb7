/** A command given as a list, for people: an argument that would not be seen as one, or not at all, is quoted. */
export function shownCommand(argv: readonly string[]): string {
  return argv.map((argument) => (/^[^\s"']+$/.test(argument) ? argument : JSON.stringify(argument))).join(' ');
}
