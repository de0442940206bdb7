import type { Node } from 'jsonc-parser';
import type { Reader } from './reader';

/** Names with text values. Numbers and booleans are refused, since `1.0` or `on` would not arrive as written. */
export function readStrings(reader: Reader, node: Node | undefined, what: string): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const [name, { key, value }] of (node && reader.object(node, what)) ?? []) {
    if (!isUsableName(name)) {
      reader.report('badName', key, `${JSON.stringify(name.slice(0, 64))} cannot be used as a name in "${what}".`);
    } else if (value.type === 'number' || value.type === 'boolean') {
      reader.wrongType(value, `${what}.${name}`, `a text: write "${String(value.value)}"`);
    } else {
      const text = reader.template(value, `${what}.${name}`, { mayBeEmpty: true });
      if (text !== undefined) entries.push([name, text]);
    }
  }
  return Object.fromEntries(entries);
}

/** `__proto__` would set the prototype of every plain object that the entry is copied to. */
function isUsableName(name: string): boolean {
  return name !== '' && name !== '__proto__' && !/[=\s\0]/.test(name);
}
