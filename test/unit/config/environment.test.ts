import { strict as assert } from 'node:assert';
import { scrubEditorEnvironment } from '../../../src/config/editorEnvironment';
import { composeEnvironment, injectedEnvironment } from '../../../src/config/environment';

describe('composeEnvironment', () => {
  it('lets the later part win: window, env files, injected, definition', () => {
    const composed = composeEnvironment({
      window: { A: 'window', B: 'window', C: 'window', D: 'window', GONE: undefined },
      envFiles: [
        { name: 'B', value: 'first file' },
        { name: 'B', value: 'second file' },
        { name: 'C', value: 'file' },
        { name: 'D', value: 'file' },
      ],
      injected: { C: 'injected', D: 'injected' },
      definition: { D: 'definition' },
    });
    assert.deepEqual(composed, { A: 'window', B: 'second file', C: 'injected', D: 'definition' });
  });

  it('injects the port when there is one, and output at once and in colour', () => {
    const rest = { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', PYTHONUNBUFFERED: '1' };
    assert.deepEqual(injectedEnvironment(3000), { PORT: '3000', ...rest });
    assert.deepEqual(injectedEnvironment(undefined), rest);
  });

  it('forces no colours on a person who wants none, unless the definition does', () => {
    const parts = { window: { NO_COLOR: '1' }, envFiles: [], injected: injectedEnvironment(undefined), definition: {} };
    assert.deepEqual(composeEnvironment(parts), { NO_COLOR: '1', PYTHONUNBUFFERED: '1' });
    assert.deepEqual(composeEnvironment({ ...parts, definition: { FORCE_COLOR: '3' } }), {
      NO_COLOR: '1',
      PYTHONUNBUFFERED: '1',
      FORCE_COLOR: '3',
    });
    assert.equal(composeEnvironment({ ...parts, window: { NO_COLOR: '' } })['FORCE_COLOR'], '1');
    assert.equal(composeEnvironment({ ...parts, definition: { NO_COLOR: '' } })['FORCE_COLOR'], '1');
  });

  it('knows one name in any case on Windows, and writes it as the winner does', () => {
    const parts = { window: { Path: 'a' }, envFiles: [], injected: {}, definition: { PATH: 'b' } };
    assert.deepEqual(composeEnvironment({ ...parts, ignoreCase: true }), { PATH: 'b' });
    assert.deepEqual(composeEnvironment(parts), { Path: 'a', PATH: 'b' });
  });
});

describe('scrubEditorEnvironment', () => {
  const git = '/usr/share/code/resources/app/extensions/git/dist';

  /** As measured in an extension host, with what the git extension and the debugger add. */
  const ofTheEditor = {
    ELECTRON_RUN_AS_NODE: '1',
    ELECTRON_NO_ATTACH_CONSOLE: '1',
    VSCODE_CWD: '/',
    VSCODE_ESM_ENTRYPOINT: 'vs/workbench/api/node/extensionHostProcess',
    VSCODE_HANDLES_SIGPIPE: 'true',
    VSCODE_HANDLES_UNCAUGHT_ERRORS: 'true',
    VSCODE_IPC_HOOK_CLI: '/run/user/1000/vscode-ipc.sock',
    VSCODE_L10N_BUNDLE_LOCATION: '',
    VSCODE_NLS_CONFIG: '{}',
    VSCODE_PROXY_URI: 'http://x/proxy/{{port}}/',
    VSCODE_RECONNECTION_GRACE_TIME: '10800000',
    VSCODE_GIT_ASKPASS_NODE: '/usr/share/code/code',
    VSCODE_GIT_IPC_HANDLE: '/run/user/1000/vscode-git.sock',
    VSCODE_INSPECTOR_OPTIONS: '{}',
    GIT_ASKPASS: `${git}/askpass.sh`,
    SSH_ASKPASS: `${git}/ssh-askpass.sh`,
    SSH_ASKPASS_REQUIRE: 'force',
    BROWSER: '/opt/code-server/bin/helpers/browser.sh',
    CHROME_DESKTOP: 'code.desktop',
    ORIGINAL_XDG_CURRENT_DESKTOP: 'GNOME',
    NODE_OPTIONS: '--require "/opt/my code/extensions/ms-vscode.js-debug/src/bootloader.js" --inspect-publish-uid=http',
  };

  const ofThePerson = {
    HOME: '/home/me',
    LANG: 'C.UTF-8',
    TERM_PROGRAM: 'vscode',
    XDG_CURRENT_DESKTOP: 'GNOME',
    SSH_AUTH_SOCK: '/run/agent',
    EDITOR: 'code --wait',
    MY_VSCODE_THING: 'x',
    NODE_ENV: 'development',
    no_proxy: 'localhost',
    EMPTY: '',
  };

  it('drops exactly what the editor put there', () => {
    assert.deepEqual(scrubEditorEnvironment({ ...ofThePerson, ...ofTheEditor }, 'linux'), ofThePerson);
  });

  it('keeps what a person set under names that the editor uses too', () => {
    const own = {
      GIT_ASKPASS: '/usr/bin/ksshaskpass',
      SSH_ASKPASS: '/usr/bin/ksshaskpass',
      SSH_ASKPASS_REQUIRE: 'prefer',
      BROWSER: 'firefox',
      NODE_OPTIONS: '--max-old-space-size=4096 --require "./my hooks/a.js"',
    };
    assert.deepEqual(scrubEditorEnvironment(own, 'linux'), own);
  });

  it('takes the debugger out of NODE_OPTIONS and leaves the rest', () => {
    const boot = '/x/js-debug/bootloader.js';
    const cases: readonly (readonly [string, string | undefined])[] = [
      [`--max-old-space-size=4096 --require ${boot}  --inspect-publish-uid=http`, '--max-old-space-size=4096'],
      [`-r ${boot} --enable-source-maps`, '--enable-source-maps'],
      [`--require=${boot}`, undefined],
      [`--require "C:\\\\My Code\\\\bootloader.js"`, undefined],
      ['', ''],
    ];
    for (const [written, kept] of cases) {
      assert.equal(scrubEditorEnvironment({ NODE_OPTIONS: written }, 'linux')['NODE_OPTIONS'], kept, written);
    }
  });

  it('takes the remote command line off PATH', () => {
    const path = '/vscode/bin/abc/bin/remote-cli:/usr/bin:/home/me/remote-cli-tools:/opt/bin/remote-cli/:/bin';
    assert.equal(scrubEditorEnvironment({ PATH: path }, 'linux')['PATH'], '/usr/bin:/home/me/remote-cli-tools:/bin');
    const windows = scrubEditorEnvironment({ Path: 'C:\\code\\bin\\remote-cli;C:\\Windows' }, 'win32');
    assert.deepEqual(windows, { Path: 'C:\\Windows' });
  });

  it('knows the names in any case on Windows only', () => {
    assert.deepEqual(scrubEditorEnvironment({ vscode_pid: '1', Electron_X: '1' }, 'win32'), {});
    assert.deepEqual(scrubEditorEnvironment({ vscode_pid: '1' }, 'linux'), { vscode_pid: '1' });
  });
});
