import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { parseBackendsFile } from '../../../src/config/parse';
import * as ids from '../../../src/ids';
import { backendStates } from '../../../src/model/backendState';
import { backendErrorCodes } from '../../../src/model/failure';
import { repositoryRoot } from '../../support/repositoryRoot';
import { anchorsOf, codesIn, fences, linkTargets, plainCode, readText, tableUnder } from './markdown';
import { schemaKeys } from './schemaKeys';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: { readonly commandPalette?: readonly { readonly command: string; readonly when?: string }[] };
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    readonly taskDefinitions: readonly { readonly type: string; readonly properties: object }[];
    readonly problemMatchers: readonly { readonly name: string }[];
  };
}

const readme = readText('README.md');
const { contributes } = JSON.parse(readText('package.json')) as Manifest;
const nls = JSON.parse(readText('package.nls.json')) as Readonly<Record<string, string>>;
const sorted = (values: Iterable<string>): string[] => [...values].sort();
const examples = fences(readme, 'jsonc').map((text) => parse(text) as Record<string, unknown>);

describe('README tables', () => {
  it('list_every_setting_with_its_default_and_no_other', () => {
    const told = tableUnder(readme, 'Settings').map(([id, fallback]) => [plainCode(id), plainCode(fallback)]);
    const { properties } = contributes.configuration;
    assert.deepEqual(
      Object.fromEntries(told),
      Object.fromEntries(Object.entries(properties).map(([id, { default: value }]) => [id, JSON.stringify(value)])),
    );
  });

  it('list_every_command_of_the_palette_with_its_title_and_no_other', () => {
    const hidden = (contributes.menus.commandPalette ?? []).filter(({ when }) => when === 'false');
    const shown = contributes.commands.filter(({ command }) => !hidden.some((item) => item.command === command));
    const titles = shown.map(({ command, title }) => [command, `Backends: ${nls[title.slice(1, -1)] ?? ''}`]);
    const told = tableUnder(readme, 'Commands').map(([title, id]) => [plainCode(id), title]);
    assert.equal(nls['category'], 'Backends');
    assert.deepEqual(Object.fromEntries(told), Object.fromEntries(titles));
  });

  it('list_every_key_of_the_schema_with_its_default_and_no_other', () => {
    const rows = tableUnder(readme, 'Keys');
    const keys = schemaKeys();
    assert.deepEqual(sorted(rows.map(([key]) => plainCode(key))), sorted(keys.map((key) => key.path)));
    for (const { path, default: fallback } of keys) {
      if (fallback === undefined) continue;
      const row = rows.find(([key]) => plainCode(key) === path);
      assert.equal(plainCode(row?.[2]), JSON.stringify(fallback), path);
    }
  });

  it('list_every_failure_code_and_no_other', () => {
    const told = tableUnder(readme, 'Failure codes').map(([code]) => plainCode(code));
    assert.deepEqual(told, [...backendErrorCodes]);
  });

  it('list_every_state_and_no_other', () => {
    const told = tableUnder(readme, 'States').map(([, state]) => plainCode(state));
    assert.deepEqual(sorted(told), sorted(backendStates));
  });

  it('list_every_member_of_the_exported_api_and_no_other', () => {
    const source = /interface LocalBackendsApiV1 \{([\s\S]*?)^\}/m.exec(readText('src/api.ts'))?.[1] ?? '';
    const members = [...source.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name ?? '');
    assert.ok(members.includes('waitForState'), 'the interface was found');
    const told = tableUnder(readme, 'For other extensions').map(
      ([member]) => /^\w+/.exec(plainCode(member))?.[0] ?? '',
    );
    assert.deepEqual(sorted(told), sorted(members));
  });
});

describe('README examples', () => {
  it('of_backends_json_are_read_without_any_problem', () => {
    const files = fences(readme, 'jsonc').filter((_, index) => examples[index]?.['backends'] !== undefined);
    assert.ok(files.length >= 2, 'quick start and annotated example');
    for (const text of files) {
      const { backends, problems } = parseBackendsFile(text, { folderPath: '/folder' });
      assert.deepEqual(problems, []);
      assert.ok(backends.length > 0);
    }
  });

  it('of_tasks_use_what_the_manifest_contributes', () => {
    const [task] = examples.flatMap((example) => (example['tasks'] ?? []) as readonly Record<string, unknown>[]);
    const [launch] = examples.flatMap((example) => (example['configurations'] ?? []) as Record<string, unknown>[]);
    const [definition] = contributes.taskDefinitions;
    assert.ok(task !== undefined && launch !== undefined);
    assert.equal(task['type'], definition?.type);
    for (const key of Object.keys(definition?.properties ?? {})) assert.ok(key in task, key);
    assert.equal(task['problemMatcher'], `$${contributes.problemMatchers[0]?.name ?? ''}`);
    assert.equal(launch['preLaunchTask'], task['label']);
  });

  it('of_debugging_name_the_backend_with_the_key_that_is_read', () => {
    const key = /configurationKey = '(\w+)'/.exec(readText('src/vscode/debugHolds.ts'))?.[1] ?? '';
    const launches = examples.flatMap((example) => (example['configurations'] ?? []) as Record<string, unknown>[]);
    assert.ok(
      launches.some((launch) => key in launch),
      key,
    );
  });

  it('of_the_api_find_the_extension_by_its_id', () => {
    assert.match(fences(readme, 'ts').join('\n'), new RegExp(`'${ids.extensionId}'`));
    assert.ok(codesIn(readme).includes(ids.configFileName));
    assert.ok(codesIn(readme).includes(ids.stateDirVariable));
  });
});

describe('documents', () => {
  const walkthrough = readdirSync(join(repositoryRoot, 'media', 'walkthrough')).filter((file) => file.endsWith('.md'));
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...walkthrough.map((file) => `media/walkthrough/${file}`),
  ];

  for (const file of files) {
    it(`link only to what is there: ${file}`, () => {
      const text = readText(file);
      const [inside, outside] = [linkTargets(text).filter((to) => to.startsWith('#')), linkTargets(text)];
      assert.deepEqual(
        inside.filter((target) => !anchorsOf(text).includes(target.slice(1))),
        [],
      );
      const relative = outside.filter((target) => !/^(#|https:|command:)/.test(target));
      assert.deepEqual(
        relative.filter((target) => !existsSync(join(repositoryRoot, target.split('#')[0] ?? ''))),
        [],
      );
    });

    it(`speak of no machine, registry or unfinished work: ${file}`, () => {
      const forbidden = [
        /\/work\/|\/root\/|\/home\/\w|\/Users\/\w/,
        /registry\.\w|npmjs|deb\.debian/i,
        /\b(TODO|FIXME|XXX)\b/,
      ];
      const found = forbidden.flatMap((pattern) => pattern.exec(readText(file))?.[0] ?? []);
      assert.deepEqual(found, []);
    });
  }

  it('show_a_real_picture_with_a_text_for_those_who_cannot_see_it', () => {
    const pictures = [...readme.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
    assert.ok(pictures.length > 0);
    for (const [, alt = '', target = ''] of pictures) {
      assert.ok(alt.length > 20, target);
      assert.match(target, /\.png$/, 'the gallery refuses SVG');
    }
  });
});
