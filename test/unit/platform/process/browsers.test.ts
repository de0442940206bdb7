import assert from 'node:assert/strict';
import { keptProcesses } from '../../../../src/config/keepProcesses';
import { browsersText, isPersonsBrowser } from '../../../../src/platform/process/browsers';
import { keptBy } from '../../../../src/platform/process/keepList';

describe('a browser that a person uses', () => {
  it('is_told_by_its_program', () => {
    for (const command of [
      '/opt/google/chrome/chrome --flag http://localhost:5173/',
      '/opt/google/chrome/chrome --type=renderer --crashpad-handler-pid=7',
      '/opt/google/chrome/chrome_crashpad_handler --monitor-self',
      'google-chrome-stable http://localhost',
      '/snap/chromium/3/usr/lib/chromium-browser/chrome',
      '/usr/lib/firefox/firefox -contentproc',
      '/usr/lib/firefox-esr/firefox-esr',
      'firefox',
      '/opt/microsoft/msedge/msedge',
    ])
      assert.equal(isPersonsBrowser(command), true, command);
  });

  it('is_no_program_that_only_speaks_of_one_and_none_that_a_program_drives', () => {
    for (const command of [
      '',
      'node open.js /opt/google/chrome/chrome',
      '/usr/bin/chromedriver --port=9515',
      'chrome-proxy',
      '/opt/google/chrome/chrome --headless=new --user-data-dir=/tmp/x',
      '/opt/google/chrome/chrome --remote-debugging-port=0',
      '/usr/lib/firefox/firefox --marionette',
      '/home/x/chromium/chrome --enable-automation',
    ])
      assert.equal(isPersonsBrowser(command), false, command);
  });

  it('is_kept_by_the_default_and_by_no_empty_list', () => {
    const table = { wholeCommandOf: () => '/usr/lib/firefox/firefox http://localhost:5173' };
    assert.ok(keptProcesses(undefined).includes(browsersText));
    assert.equal(keptBy(keptProcesses(undefined), table).keeps?.(7), true);
    assert.equal(keptBy(keptProcesses(['mine']), table).keeps?.(7), false);
    assert.equal(keptBy([], table).keeps, undefined);
  });
});
