import assert from 'node:assert/strict';
import { readConfig } from '../support/e2e/configFile';
import { Editor, plainEditing } from '../support/e2e/editor';
import { openWindow, type OpenWindow } from '../support/e2e/openWindow';
import { waitUntil } from '../support/waitUntil';

const startTimeoutMs = 60_000;
const noProblems = 'No Problems';

describe('the configuration of a folder without one', () => {
  let window: OpenWindow;
  let editor: Editor;

  before(async () => {
    window = await openWindow({ fixture: 'fresh', screenshots: 'e2e/config', settings: plainEditing });
    await window.workbench.allowClipboard();
    editor = new Editor(window.workbench);
  });

  after(async () => {
    await window.close();
  });

  it('is offered in the view and created from what the folder has', async () => {
    const { workbench } = window;
    await workbench.openViewContainer('Backends');
    const create = workbench.page.locator('.sidebar .welcome-view .monaco-button', { hasText: 'Create backends.json' });
    await create.waitFor({ timeout: startTimeoutMs });
    await workbench.movePointerAway();
    await workbench.screenshot('1-welcome');
    await create.click();
    await editor.text(/"command": "npm run dev/);
    await workbench.row('dev').waitForDescription(/^stopped$/, startTimeoutMs);
    await workbench.movePointerAway();
    await workbench.screenshot('2-created');
  });

  it('is JSON with comments and trailing commas, and no mistake in that', async () => {
    assert.match(readConfig(window.workspace), /^\/\/ .*[\s\S]*,\n\s*},?\n/);
    await window.workbench.page.locator('[id="status.editor.mode"]', { hasText: 'JSON with Comments' }).waitFor();
    assert.equal(await editor.problemCount(), noProblems);
  });

  it('is checked while it is edited: what is wrong is listed with its place, and the rest still works', async () => {
    const { workbench } = window;
    await editor.replaceAll(mistaken);
    const problems = await editor.problems(/idleTimout/);
    await workbench.screenshot('3-problems');
    assert.ok(
      problems.some((problem) => /idleTimout.*line 5/i.test(problem)),
      problems.join('\n'),
    );
    const typing = problems.filter((problem) => /idleTimout/.test(problem));
    assert.equal(typing.length, 1, `told once: ${typing.join('\n')}`);
    assert.ok(
      problems.some((problem) => /port.*24811.*line 9/is.test(problem)),
      problems.join('\n'),
    );
    await workbench.row('web').waitForDescription(/^stopped$/, startTimeoutMs);
    await workbench.row('api').waitFor();
    await workbench.runCommand('View: Hide Panel');
  });

  it('lists one mistake of syntax once, though VS Code finds it too', async () => {
    const { workbench } = window;
    await editor.replaceAll(
      mistaken.replace('"idleTimout": "5m",', '"idleTimeout": "5m"').replace('"port": 24811, // the same', ''),
    );
    await workbench
      .row('web')
      .waitForDescription(/^cannot start: backends\.json cannot be read completely/, startTimeoutMs);
    const about = /comma/i;
    const listed = async (): Promise<readonly string[]> =>
      (await editor.problems(about)).filter((problem) => about.test(problem));
    await waitUntil('one entry about the comma, from VS Code', async () => {
      const [one, ...more] = await listed();
      return one !== undefined && more.length === 0 && !one.includes('Local Backends');
    });
    const file = workbench.row('backends.json');
    await file.waitForDescription(/^line 6: A comma is missing here\.$/, startTimeoutMs);
    await workbench.screenshot('3-syntax');
    await editor.replaceAll(mistaken);
    await editor.problems(/idleTimout/);
    await file.locator.waitFor({ state: 'hidden' });
    await workbench.runCommand('View: Hide Panel');
  });

  it('explains its keys and offers them', async () => {
    const { workbench } = window;
    assert.match(await editor.hoverText('"port"', /port/i), /listens|port/i);
    await workbench.screenshot('4-hover');
    await workbench.movePointerAway();
    const offered = (await editor.suggestionsAfter('"node server.mjs",')).join('\n');
    await workbench.screenshot('5-suggestions');
    await editor.closeSuggestions();
    for (const key of ['dependsOn', 'ready', 'idleTimeout']) assert.ok(offered.includes(key), `${key} in ${offered}`);
  });
});

const mistaken = `{
  "backends": {
    "web": {
      "command": "node server.mjs",
      "idleTimout": "5m",
      "port": 24811,
    },
    "api": {
      "port": 24811, // the same
      "command": ["node", "server.mjs"],
    },
  },
}
`;
