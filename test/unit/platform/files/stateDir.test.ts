import assert from 'node:assert/strict';
import { socketPlace, stateDirectory, type StateDirFacts } from '../../../../src/platform/files/stateDir';

const linux: StateDirFacts = { os: 'linux', home: '/home/me', env: {}, override: undefined };

describe('stateDirectory', () => {
  it('follows the habits of each system', () => {
    assert.equal(stateDirectory(linux), '/home/me/.local/state/local-backends');
    assert.equal(stateDirectory({ ...linux, env: { XDG_STATE_HOME: '/s' } }), '/s/local-backends');
    assert.equal(stateDirectory({ ...linux, os: 'macos' }), '/home/me/Library/Application Support/local-backends');
    const windows: StateDirFacts = { ...linux, os: 'windows', home: 'C:\\Users\\me' };
    assert.equal(stateDirectory({ ...windows, env: { LOCALAPPDATA: 'D:\\L' } }), 'D:\\L\\local-backends');
    assert.equal(stateDirectory(windows), 'C:\\Users\\me\\AppData\\Local\\local-backends');
  });

  it('ignores a relative or empty XDG_STATE_HOME', () => {
    for (const base of ['', 'relative']) {
      assert.equal(stateDirectory({ ...linux, env: { XDG_STATE_HOME: base } }), '/home/me/.local/state/local-backends');
    }
  });

  it('is the override where there is one', () => {
    assert.equal(stateDirectory({ ...linux, override: '/tmp/t' }), '/tmp/t');
    assert.equal(stateDirectory({ ...linux, override: '' }), '/home/me/.local/state/local-backends');
  });
});

describe('socketPlace', () => {
  it('is inside the state directory up to 103 bytes, and under /tmp beyond', () => {
    const dirFor = (bytes: number): string => `/${'d'.repeat(bytes - '/b.sock'.length - 1)}`;
    const fits = socketPlace(dirFor(103), 'b.sock', 'linux', 1000);
    assert.equal(fits.path.length, 103);
    assert.equal(fits.directory, dirFor(103));
    const tooLong = socketPlace(dirFor(104), 'b.sock', 'linux', 1000);
    assert.match(tooLong.path, /^\/tmp\/lb-1000-[0-9a-f]{12}\/b\.sock$/);
    assert.equal(`${tooLong.directory ?? ''}/b.sock`, tooLong.path);
  });

  it('counts bytes, not characters', () => {
    assert.match(socketPlace(`/${'ü'.repeat(60)}`, 's', 'linux', 1).path, /^\/tmp\/lb-1-/);
  });

  it('is the same for all clients of a state directory, and another for another', () => {
    const place = (dir: string): string => socketPlace(`/${dir.repeat(60)}`, 's', 'linux', 1).path;
    assert.equal(place('ab'), place('ab'));
    assert.notEqual(place('ab'), place('cd'));
  });

  it('is a named pipe on Windows', () => {
    const place = socketPlace('C:\\x', 'v1', 'windows', undefined);
    assert.match(place.path, /^\\\\\.\\pipe\\local-backends-[0-9a-f]{12}-v1$/);
    assert.equal(place.directory, undefined);
  });
});
