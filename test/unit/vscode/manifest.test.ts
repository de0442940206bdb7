import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as ids from '../../../src/ids';
import { backendStates } from '../../../src/model/backendState';
import type { Failure } from '../../../src/model/failure';
import type { BackendView } from '../../../src/model/snapshot';
import { contextValue } from '../../../src/model/presentation';
import { failureLines, readyLine, startingLine } from '../../../src/vscode/taskLines';
import { repositoryRoot } from '../../support/repositoryRoot';
import { viewOf } from '../model/viewOf';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = Record<string, Json>;

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly (JsonObject & {
      command: string;
      title: string;
      category: string;
      enablement?: string;
    })[];
    readonly menus: Readonly<Record<string, readonly { command: string; when?: string; group?: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { id: string; icon: string }[] };
    readonly views: Readonly<Record<string, readonly { id: string }[]>>;
    readonly viewsWelcome: readonly { view: string; contents: string; when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, JsonObject>> };
    readonly taskDefinitions: readonly { type: string }[];
    readonly problemMatchers: readonly {
      name: string;
      pattern: { regexp: string };
      background: { beginsPattern: string; endsPattern: string };
    }[];
    readonly jsonValidation: readonly { fileMatch: string; url: string }[];
  };
}

const read = (file: string): string => readFileSync(join(repositoryRoot, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const nls = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;
const sorted = (values: Iterable<string>): string[] => [...values].sort();

/** Every string of the manifest, wherever it stands. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

const sources = readdirSync(join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => read(join('src', file)));

describe('manifest and code', () => {
  it('speak_of_the_same_extension_container_view_and_task_type', () => {
    assert.equal(`${manifest.publisher}.${manifest.name}`, ids.extensionId);
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map((container) => container.id),
      [ids.viewContainerId],
    );
    assert.deepEqual(
      contributes.views[ids.viewContainerId]?.map((view) => view.id),
      [ids.viewId],
    );
    assert.deepEqual(
      contributes.taskDefinitions.map((task) => task.type),
      [ids.taskType],
    );
    assert.ok(manifest.activationEvents.includes(`workspaceContains:${ids.configFileName}`));
  });

  it('have_the_same_commands', () => {
    assert.deepEqual(sorted(contributes.commands.map((c) => c.command)), sorted(Object.values(ids.commandIds)));
  });

  it('have_the_same_settings_with_the_same_defaults', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(sorted(Object.keys(properties)), sorted(Object.values(ids.settingIds)));
    for (const [id, fallback] of Object.entries(ids.settingDefaults))
      assert.deepEqual(properties[id]?.['default'], fallback);
  });

  it('use_only_context_keys_that_are_set_and_set_only_those_that_are_used', () => {
    const conditions = [
      ...contributes.commands.map((command) => command.enablement ?? ''),
      ...Object.values(contributes.menus).flatMap((items) => items.map((item) => item.when ?? '')),
      ...contributes.viewsWelcome.map((welcome) => welcome.when),
    ];
    const used = conditions.flatMap((when) => [...when.matchAll(/\blocalBackends\.\w+/g)].map(([key]) => key));
    const known = new Set<string>([...Object.values(ids.contextKeys), ids.viewId]);
    assert.deepEqual(
      used.filter((key) => !known.has(key)),
      [],
    );
    assert.deepEqual(
      Object.values(ids.contextKeys).filter((key) => !used.includes(key)),
      [],
    );
  });

  it('every_id_of_the_code_that_starts_with_our_prefix_is_known', () => {
    const known = new Set<string>([
      ...Object.values(ids.commandIds),
      ...Object.values(ids.settingIds),
      ...Object.values(ids.contextKeys),
      ids.viewId,
    ]);
    const named = sources.flatMap((text) => [...text.matchAll(/'(localBackends\.[\w.]+)'/g)].map(([, id]) => id ?? ''));
    assert.deepEqual(sorted(new Set(named.filter((id) => !known.has(id)))), []);
  });
});

describe('manifest', () => {
  it('resolves_every_text_and_has_no_text_that_nobody_uses', () => {
    const keys = strings(manifest).flatMap((text) => /^%(.+)%$/.exec(text)?.slice(1) ?? []);
    assert.deepEqual(
      keys.filter((key) => nls[key] === undefined),
      [],
    );
    assert.deepEqual(
      Object.keys(nls).filter((key) => !keys.includes(key)),
      [],
    );
  });

  it('gives_every_command_the_category_and_a_title_in_title_case', () => {
    const small = new Set(['a', 'an', 'and', 'in', 'of', 'or', 'the', 'to']);
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, '%category%', command);
      const words = (nls[title.slice(1, -1)] ?? '')
        .replace(/\(.*\)|…/g, '')
        .trim()
        .split(' ');
      const wrong = words.filter((word) => !small.has(word) && !/^[A-Z]/.test(word));
      assert.deepEqual(wrong, [], command);
    }
  });

  it('links_only_commands_that_exist_from_its_texts', () => {
    const linked = Object.values(nls).flatMap((text) => [...text.matchAll(/command:(localBackends\.[\w.]+)/g)]);
    const known = [...Object.values<string>(ids.commandIds), `${ids.viewId}.focus`];
    for (const [, id = ''] of linked) assert.ok(known.includes(id), id);
  });

  it('shows_files_that_are_there', () => {
    const files = strings(manifest).filter((text) => /^(\.\/)?media\//.test(text));
    assert.ok(files.length >= 6, 'icons, walkthrough and schema');
    assert.deepEqual(
      files.filter((file) => !existsSync(join(repositoryRoot, file))),
      [],
    );
    assert.match(read('media/backends.svg'), /^<svg /);
  });

  it('lets_each_folder_say_when_its_backends_sleep_once_it_is_trusted', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(contributes.configuration.properties[ids.settingIds.idleTimeout]?.['scope'], 'resource');
    assert.ok(restrictedConfigurations.includes(ids.settingIds.idleTimeout));
  });

  it('restricts_only_settings_that_exist', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const known: string[] = Object.values(ids.settingIds);
    assert.deepEqual(
      restrictedConfigurations.filter((id) => !known.includes(id)),
      [],
    );
  });

  it('matches_the_lines_that_the_task_writes', () => {
    const [matcher] = contributes.problemMatchers;
    assert.equal(matcher?.name, 'localBackends');
    const [begins, ends] = [matcher.background.beginsPattern, matcher.background.endsPattern].map((p) => new RegExp(p));
    assert.match(startingLine('api'), begins ?? /^$/);
    assert.match(readyLine('api', 'http://localhost:3000'), ends ?? /^$/);
    const problem = new RegExp(matcher.pattern.regexp);
    const failure = {
      code: 'crashed',
      message: 'exit 1\n[backend] ready api',
      logTail: ['[backend] ready api', 'a\rb'],
    };
    const lines = failureLines('api', '/work/.vscode/backends.json', failure as Failure);
    assert.deepEqual(
      lines.map((line) => [problem, ends].map((pattern) => pattern?.test(line))),
      [
        [false, false],
        [false, false],
        [true, false],
        [false, true],
      ],
    );
    assert.deepEqual(problem.exec(lines[2] ?? '')?.slice(1), [
      '/work/.vscode/backends.json',
      'api: exit 1 [backend] ready api',
    ]);
  });
});

describe('row menus', () => {
  const items = contributes.menus['view/item/context'] ?? [];

  function offered(value: string, group: RegExp): string[] {
    const fits = (when: string): boolean =>
      when.split(' && ').every((part) => {
        const [, negated, pattern] = /^(!\()?viewItem =~ \/(.*)\/\)?$/.exec(part) ?? [];
        if (pattern !== undefined) return new RegExp(pattern).test(value) !== (negated !== undefined);
        return part.startsWith('view ==') || part === `viewItem == ${value}`;
      });
    return items
      .filter((item) => group.test(item.group ?? '') && fits(item.when ?? ''))
      .sort((a, b) => (a.group ?? '').localeCompare(b.group ?? ''))
      .map((item) => item.command.replace('localBackends.', ''));
  }

  const inline = (value: string): string[] => offered(value, /^inline/);

  const expected: Record<string, string[]> = {
    stopped: ['start', 'showLogs'],
    waiting: ['stop', 'showLogs'],
    starting: ['stop', 'showLogs'],
    ready: ['openInBrowser', 'stop', 'showLogs'],
    draining: ['stop', 'showLogs'],
    quiesced: ['start', 'showLogs'],
    stopping: ['showLogs'],
    failed: ['start', 'showLogs'],
  };
  for (const state of backendStates) {
    it(`offer what fits a backend that is ${state}`, () => {
      assert.deepEqual(inline(contextValue(viewOf(state, { url: 'http://localhost:3000' }))), expected[state]);
    });
  }

  it('offer no stop of a one-shot that is done, and no keep awake of what never sleeps', () => {
    const idle = { idleTimeoutMs: 30_000, remainingMs: 30_000, holds: [] };
    const all = (view: BackendView): string[] => offered(contextValue(view), /./);
    const done = all(viewOf('ready', { oneShot: true }));
    assert.deepEqual(
      [done.includes('stop'), done.includes('restart'), done.includes('keepAwake')],
      [false, true, false],
    );
    assert.ok(all(viewOf('starting', { oneShot: true })).includes('stop'));
    assert.ok(all(viewOf('failed')).includes('stop'), 'it frees the port of its gateway and calls off a restart');
    const sleepy = all(viewOf('ready', { idle }));
    assert.deepEqual([sleepy.includes('stop'), sleepy.includes('keepAwake')], [true, true]);
    assert.equal(all(viewOf('ready')).includes('keepAwake'), false);
  });

  it('name_only_known_commands', () => {
    const known: string[] = Object.values(ids.commandIds);
    for (const item of Object.values(contributes.menus).flat()) assert.ok(known.includes(item.command), item.command);
  });
});
