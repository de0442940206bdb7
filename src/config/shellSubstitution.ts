import { quoteFor, quoteForCmd, quotingOf, type ShellKind } from './shellQuoting';
import { replaceVariables, valueOf, variablesIn, type Substitution, type VariableScope } from './variables';

/**
 * Fills in our variables in a text for a shell; everything else (`${HOME}`, `$$`, quotes) is the shell's own and stays.
 * A value arrives as the part of one word that it is in the file, with or without quotes around it there: blanks or
 * `;` in a path or an environment variable can neither split nor run anything.
 */
export function substituteForShell(text: string, scope: VariableScope, shell: ShellKind): Substitution {
  const uses = variablesIn(text).filter((use) => use.kind !== 'foreign');
  const contexts = shell === 'posix' ? quotingOf(text, uses) : [];
  return replaceVariables(text, uses, (use, index) => {
    const context = contexts[index] ?? 'plain';
    // In a comment a line break in the value would begin a command.
    if (context === 'untouched') return text.slice(use.start, use.end);
    const value = valueOf(use, scope);
    if (value === undefined) return undefined;
    return shell === 'posix' ? quoteFor(value, context) : quoteForCmd(value, text.slice(0, use.start));
  });
}
