import type { KeyValueMemory } from '../../../src/vscode/consentMemory';

/** What VS Code would keep, in a map. */
export function memoryOf(): KeyValueMemory & { readonly values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}
