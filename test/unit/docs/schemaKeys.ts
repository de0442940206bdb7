import { readText } from './markdown';

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
}

export interface SchemaKey {
  /** As the README writes it: `ready.http.path`. */
  readonly path: string;
  readonly default?: unknown;
}

/** Every key of the JSON schema of `backends.json`, those of a backend without the `backends.NAME` before them. */
export function schemaKeys(): readonly SchemaKey[] {
  const schema = JSON.parse(readText('media/backends.schema.json')) as Schema;
  const definitions = schema.definitions ?? {};
  return [...keysOf(schema, '', definitions), ...keysOf(definitions['backend'] ?? {}, '', definitions)];
}

function keysOf(schema: Schema, prefix: string, definitions: Readonly<Record<string, Schema>>): SchemaKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    const path = `${prefix}${name}`;
    const own: SchemaKey = option.default === undefined ? { path } : { path, default: option.default };
    // The probes of `liveness` are those of `ready` and are told there.
    const inner = prefix === 'liveness.' ? [] : forms(option, definitions);
    return [own, ...inner.flatMap((form) => keysOf(form, `${path}.`, definitions))];
  });
}

/** The forms that an option may have, references followed. */
function forms(option: Schema, definitions: Readonly<Record<string, Schema>>): Schema[] {
  const name = option.$ref?.split('/').at(-1);
  const target = name === undefined ? option : { ...option, ...definitions[name] };
  return [target, ...(target.anyOf ?? []).flatMap((form) => forms(form, definitions))];
}
