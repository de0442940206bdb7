import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'jsonc-parser';
import { durationPattern } from '../../../src/config/duration';
import { knownKeys, namePattern, stopSignals } from '../../../src/config/keys';
import { parseBackendsFile } from '../../../src/config/parse';
import { definitionDefaults } from '../../../src/model/backendDefinition';
import { formatDuration } from '../../../src/config/duration';
import { editorSchema } from '../../support/editorSchema';
import { repositoryRoot } from '../../support/repositoryRoot';
import { configFixtures } from './fixtures';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly propertyNames?: Schema;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly $ref?: string;
  readonly defaultSnippets?: readonly { readonly label?: string; readonly body: unknown }[];
}

const schema = JSON.parse(readFileSync(join(repositoryRoot, 'media', 'backends.schema.json'), 'utf8')) as Schema;
const backend = schema.definitions?.['backend']?.properties ?? {};

/** The object form of an option that has several forms. */
function objectForm(option: Schema | undefined): Schema {
  return [option ?? {}, ...(option?.anyOf ?? [])].find(({ properties }) => properties !== undefined) ?? {};
}

const objects: Readonly<Record<keyof typeof knownKeys, Schema>> = {
  file: schema,
  backend: schema.definitions?.['backend'] ?? {},
  gateway: objectForm(backend['gateway']),
  ready: objectForm(backend['ready']),
  http: objectForm(schema.definitions?.['http']),
  log: objectForm(objectForm(backend['ready']).properties?.['log']),
  activity: objectForm(backend['activity']),
  liveness: objectForm(backend['liveness']),
  stop: objectForm(backend['stop']),
  quiesce: objectForm(objectForm(backend['stop']).properties?.['quiesce']),
};

/** As the editor takes it: beside a reference, else from what is referred to. */
function hoverText(option: Schema | undefined): string | undefined {
  const own = option?.markdownDescription ?? option?.description;
  const target = option?.$ref?.split('/').at(-1);
  return own ?? (target === undefined ? undefined : hoverText(schema.definitions?.[target]));
}

/** What VS Code inserts for a snippet: `^` marks raw text, placeholders become their defaults. */
function insertedText(body: unknown): string {
  if (typeof body === 'string') return body.startsWith('^') ? body.slice(1) : JSON.stringify(body);
  if (Array.isArray(body)) return `[${body.map(insertedText).join(', ')}]`;
  if (typeof body !== 'object' || body === null) return JSON.stringify(body);
  const members = Object.entries(body).map(([key, value]) => `${JSON.stringify(key)}: ${insertedText(value)}`);
  return `{ ${members.join(', ')} }`;
}

function expanded(body: unknown): string {
  return insertedText(body).replaceAll(/\\\$|\$\{\d+:([^}]*)\}|\$\d+/g, (match, value: string | undefined) =>
    match === '\\$' ? '$' : (value ?? ''),
  );
}

describe('backends.schema.json', () => {
  let validate: ValidateFunction;

  before(() => {
    validate = new Ajv({ strict: false, allErrors: true, formats: { regex: true } }).compile(schema);
  });

  for (const [name, object] of Object.entries(objects)) {
    it(`knows the same keys of "${name}" as the parser, and no others`, () => {
      const known: readonly string[] = knownKeys[name as keyof typeof knownKeys];
      assert.deepEqual(Object.keys(object.properties ?? {}), [...known]);
      assert.equal(object.additionalProperties, false);
    });
  }

  it('explains every key', () => {
    for (const { properties } of Object.values(objects)) {
      for (const [key, option] of Object.entries(properties ?? {})) {
        assert.ok(key === 'pattern' || hoverText(option) !== undefined, `"${key}" has no hover text`);
      }
    }
  });

  it('has the patterns, signals and defaults of the parser', () => {
    const stop = objects.stop.properties ?? {};
    const activity = objects.activity.properties ?? {};
    assert.equal(schema.definitions?.['duration']?.pattern, durationPattern);
    assert.equal(schema.properties?.['backends']?.propertyNames?.pattern, namePattern);
    assert.deepEqual(stop['signal']?.enum, stopSignals);
    assert.equal(stop['signal'].default, definitionDefaults.stopSignal);
    assert.equal(stop['grace']?.default, formatDuration(definitionDefaults.stopGraceMs));
    assert.deepEqual(activity['ignorePaths']?.default, definitionDefaults.ignorePaths);
    assert.deepEqual(activity['ignoreAgents']?.default, definitionDefaults.ignoreAgents);
  });

  it('refers to nothing outside of itself', () => {
    const references = JSON.stringify(schema).match(/"\$ref":"[^"]*"/g) ?? [];
    assert.ok(references.length > 0);
    for (const reference of references) assert.match(reference, /"#\/definitions\/\w+"/);
  });

  for (const { name, text } of configFixtures('valid')) {
    it(`accepts ${name}.jsonc as the parser does`, () => {
      assert.equal(validate(parse(text.replace(/^\uFEFF/, ''))), true, JSON.stringify(validate.errors));
    });
  }

  /** Beyond what a schema can say: several places at once, or the meaning of a text. */
  const beyondSchema = new Set(
    ['badVariable', 'badRegex', 'duplicateKey', 'duplicatePort', 'cycle', 'unknownBackend'].concat([
      'dependsOnItself',
      'needsPort',
      'conflict',
      'outsideFolder',
      'nulCharacter',
    ]),
  );

  for (const { name, text } of configFixtures('invalid')) {
    const { problems } = parseBackendsFile(text, { folderPath: '/workspace' });
    const codes = problems.map(({ code }) => code);
    if (codes.includes('syntax') || codes.includes('empty')) continue;
    const expected = codes.every((code) => beyondSchema.has(code));
    it(`${expected ? 'leaves' : 'refuses'} ${name}.jsonc ${expected ? 'to the parser' : 'as the parser does'}`, () => {
      assert.equal(validate(parse(text)), expected, JSON.stringify(validate.errors));
    });
  }

  it('offers snippets that parse without an error', () => {
    const snippets = schema.properties?.['backends']?.defaultSnippets ?? [];
    assert.deepEqual(
      snippets.map(({ label }) => label),
      ['Node API', 'Vite', 'Postgres', 'Redis', 'Worker', 'One-shot migration'],
    );
    for (const { label, body } of snippets) {
      const text = `{"backends": ${expanded(body)}}`;
      const { backends, problems } = parseBackendsFile(text, { folderPath: '/workspace' });
      assert.deepEqual(problems, [], `${label}: ${text}`);
      assert.equal(backends.length, 1);
      assert.equal(validate(parse(text)), true);
    }
  });
});

describe('backends.editor.schema.json', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(repositoryRoot, 'media', file), 'utf8'));
  const editor = read('backends.editor.schema.json');

  it('is what "npm run schema" makes of the strict one', () => {
    assert.deepEqual(editor, editorSchema(schema as unknown as Parameters<typeof editorSchema>[0]));
  });

  it('refuses nothing, so that each problem is told once: by the parser', () => {
    const accepts = new Ajv({ strict: false }).compile(editor as object);
    for (const { name, text } of [...configFixtures('valid'), ...configFixtures('invalid')]) {
      const value: unknown = parse(text);
      if (value !== undefined) assert.equal(accepts(value), true, `${name}: ${JSON.stringify(accepts.errors)}`);
    }
  });

  it('explains and offers all that the strict one does', () => {
    const offered = (text: string): unknown[] => {
      const found: unknown[] = [];
      JSON.parse(text, (key, value: unknown) => {
        if (key === 'markdownDescription' || key === 'description' || key === 'default') found.push(value);
        if (key === 'enum' || key === 'examples') found.push(...(value as unknown[]));
        return value;
      });
      return found;
    };
    const kept = new Set(offered(JSON.stringify(editor)).map((value) => JSON.stringify(value)));
    for (const value of offered(JSON.stringify(schema))) assert.ok(kept.has(JSON.stringify(value)), String(value));
    for (const value of [true, false]) assert.ok(kept.has(String(value)));
  });
});
