/** `node test/support/launch.mjs support/editorSchemaMain` writes the schema of the editor from the strict one. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** What only refuses. The extension's own diagnostics say the same better: where, what was meant, what to do. */
const refusals = new Set([
  'additionalProperties:false',
  ...['additionalItems', 'format', 'maxProperties', 'minItems', 'minProperties', 'minimum', 'maximum'],
  ...['pattern', 'patternErrorMessage', 'propertyNames', 'required', 'uniqueItems', 'minLength', 'maxLength'],
]);

/**
 * The schema with which the editor completes and explains, and which accepts everything: each problem is told once, by
 * us. Values that were refused by `type` and `enum` are offered by `examples` instead.
 */
export function editorSchema(strict: Json): Json {
  if (Array.isArray(strict)) return (strict as readonly Json[]).map(editorSchema);
  if (typeof strict !== 'object' || strict === null) return strict;
  return permissive(strict as JsonObject);
}

function permissive(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, Json][] => {
    if (refusals.has(key) || refusals.has(`${key}:${JSON.stringify(value)}`)) return [];
    // These hold a schema under each name: the names are not keywords.
    if (key === 'properties' || key === 'definitions') return [[key, mapValues(value as JsonObject, editorSchema)]];
    if (key === 'type') return value === 'boolean' ? [['examples', [true, false]]] : [];
    if (key === 'enum') return [['examples', value]];
    if (key === 'default' || key === 'examples' || key === 'defaultSnippets') return [[key, value]];
    return [[key, editorSchema(value)]];
  });
  return Object.fromEntries(entries);
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
