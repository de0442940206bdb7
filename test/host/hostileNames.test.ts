import assert from 'node:assert/strict';
import { commandIds } from '../../src/ids';
import type { BackendDetails, BackendView } from '../../src/model/snapshot';
import { BackendStore } from '../../src/vscode/backendStore';
import { rowTooltip } from '../../src/vscode/tree/rowTooltip';
import { viewOf } from '../unit/model/viewOf';
import { ManualClock } from '../unit/vscode/manualClock';

const hostile = [
  '[click](command:workbench.action.terminal.new)',
  '[click][1]\n\n[1]: command:workbench.action.quit',
  '<a href="command:workbench.action.quit">x</a>',
  '<img src=x onerror=alert(1)>',
  '<command:localBackends.stopAll>',
  '![x](https://example.invalid/pixel.png)',
  '$(trash) $(sync~spin)',
  '\u202egnp.exe\u2066\u200b',
  '`code` **bold** | table |\n# heading\n---',
  '\u001b]8;;command:workbench.action.quit\u0007link\u001b]8;;\u0007',
];

/** A view and details in which every text that can come from outside is the given one. */
function factsWith(text: string): { readonly view: BackendView; readonly details: BackendDetails } {
  const view = viewOf('failed', {
    ...{ name: text, folder: text, detail: text, problem: text, lastVerdict: text, url: `http://localhost/${text}` },
    failure: { code: 'crashed', message: text, hint: text, logTail: [text, text] },
    idle: { idleTimeoutMs: 1_000, remainingMs: 1_000, holds: [{ kind: 'api', reason: text }] },
  });
  const probe = { elapsedMs: 1, reason: text, saw: text, ok: false };
  const details = {
    ...{ key: view.key, command: text, cwd: text, environmentNames: [text], logFile: text, observed: text },
    timeline: [{ at: 1, state: 'failed' as const, cause: text }],
    probes: [probe, probe],
  };
  return { view, details };
}

describe('text from outside in a hover', () => {
  for (const text of hostile) {
    it(`makes no link, icon, picture or markup: ${JSON.stringify(text).slice(0, 50)}`, async () => {
      const { view, details } = factsWith(text);
      const store = new BackendStore(new ManualClock());
      Object.defineProperty(store, 'get', { value: () => view });
      const markdown = await rowTooltip(view.key, store, () => Promise.resolve(details));
      const value = markdown?.value ?? '';
      assert.ok(value.length > 0);
      assert.equal(markdown?.supportHtml ?? false, false);
      const allowed = typeof markdown?.isTrusted === 'object' ? markdown.isTrusted.enabledCommands : undefined;
      const { showLogs, showDetails, whyAwake, openConfig } = commandIds;
      const linked = [showLogs, showDetails, whyAwake, openConfig];
      assert.deepEqual(allowed, linked, 'no command can be run from it but those that change nothing');
      // What stands there unescaped is ours: links to our own commands, and their icons.
      const unescaped = value.replaceAll(/\\[\s\S]/g, '');
      for (const [, target = ''] of unescaped.matchAll(/\]\(([^)]*)\)/g)) {
        assert.ok(
          linked.some((id) => target.startsWith(`command:${id}?`)),
          target,
        );
      }
      const icons = [...unescaped.matchAll(/\$\(([^)]*)\)/g)].map(([, icon]) => icon);
      assert.deepEqual(
        icons.filter((icon) => !['output', 'info', 'question', 'go-to-file'].includes(icon ?? '')),
        [],
      );
      assert.doesNotMatch(value, /!\[|</, 'neither a picture, nor a tag, nor a link in angle brackets');
      assert.doesNotMatch(value, /[\u202a-\u202e\u2066-\u2069\u200b\u001b]/);
    });
  }
});
