import assert from 'node:assert/strict';
import { cimQuery, parseCim } from '../../../../src/platform/process/cimOutput';
import { seenBy } from '../../../../src/platform/process/procTable';
import { parsePs, parsePsMarkers } from '../../../../src/platform/process/psOutput';
import { markerIn, newMarker } from '../../../../src/platform/process/runMarker';
import { parseShebang } from '../../../../src/platform/process/shebang';

const marker = '0123456789abcdef0123456789abcdef';

describe('a list of processes', () => {
  it('that is empty means that nobody could look', () => {
    assert.throws(() => seenBy('ps', parsePs('')), /could not be listed with ps/);
    assert.throws(() => seenBy('powershell.exe', parseCim('')), /powershell/);
    assert.deepEqual(seenBy('ps', [1]), [1]);
  });
});

describe('parsePs', () => {
  it('reads the columns of ps, start time and command with their blanks', () => {
    const text = [
      '    1     0     1      0 Ss   Sat Nov  1 09:03:07 2025     /sbin/launchd',
      '  501     1   501 7f3a2c Ss+  Tue Dec 23 19:33:07 2025     node server.js --token=abc',
      '  502   501   501    501 Z    Tue Dec 23 19:33:08 2025     ',
      'garbage',
      '',
    ].join('\n');
    assert.deepEqual(parsePs(text), [
      {
        pid: 1,
        parentPid: 0,
        groupId: 1,
        sessionId: 0,
        state: 'S',
        startTime: 'Sat Nov 1 09:03:07 2025',
        command: '/sbin/launchd',
      },
      {
        pid: 501,
        parentPid: 1,
        groupId: 501,
        sessionId: 0,
        state: 'S',
        startTime: 'Tue Dec 23 19:33:07 2025',
        command: 'node server.js --token=***',
      },
      {
        pid: 502,
        parentPid: 501,
        groupId: 501,
        sessionId: 501,
        state: 'Z',
        startTime: 'Tue Dec 23 19:33:08 2025',
        command: '',
      },
    ]);
  });

  it('finds the marker in the environment that follows a command', () => {
    const text = `  501 node server.js PATH=/bin LOCAL_BACKENDS_RUN=${marker} HOME=/x\n 502 sh MY_LOCAL_BACKENDS_RUN=${marker}\n 503 sh LOCAL_BACKENDS_RUN=short\n`;
    assert.deepEqual([...parsePsMarkers(text)], [[501, marker]]);
  });
});

describe('parseCim', () => {
  it('reads one process and many, and nothing from what is no answer', () => {
    const one = { ProcessId: 7, ParentProcessId: 4, CommandLine: 'x --password=1', Started: 133_700_000 };
    const expected = {
      pid: 7,
      parentPid: 4,
      groupId: 0,
      sessionId: 0,
      state: 'R',
      startTime: '133700000',
      command: 'x --password=***',
    };
    assert.deepEqual(parseCim(JSON.stringify(one)), [expected]);
    assert.deepEqual(parseCim(JSON.stringify([one, { ProcessId: 0 }, null, { ...one, CommandLine: null }])), [
      expected,
      { ...expected, command: '' },
    ]);
    for (const text of ['', 'Access denied', 'null', '{}']) assert.deepEqual(parseCim(text), []);
  });

  it('asks for one pid or for all', () => {
    assert.match(cimQuery(7), /-Filter 'ProcessId=7'/);
    assert.doesNotMatch(cimQuery(), /-Filter/);
  });
});

describe('markerIn an environment', () => {
  it('is found at the beginning and in the middle', () => {
    for (const text of [`LOCAL_BACKENDS_RUN=${marker}`, `A=1\0LOCAL_BACKENDS_RUN=${marker}\0B=2\0`]) {
      assert.equal(markerIn(Buffer.from(text)), marker);
    }
  });

  it('is not found in another variable, nor when it is no id', () => {
    for (const text of [
      `XLOCAL_BACKENDS_RUN=${marker}`,
      'LOCAL_BACKENDS_RUN=',
      `LOCAL_BACKENDS_RUN=${marker}0`,
      `A=LOCAL_BACKENDS_RUN=${marker}`,
    ]) {
      assert.equal(markerIn(Buffer.from(text)), undefined);
    }
  });

  it('passes over a variable that only ends like it', () => {
    assert.equal(markerIn(Buffer.from(`XLOCAL_BACKENDS_RUN=no\0LOCAL_BACKENDS_RUN=${marker}`)), marker);
  });

  it('is 128 random bits', () => {
    assert.match(newMarker(), /^[0-9a-f]{32}$/);
    assert.notEqual(newMarker(), newMarker());
  });
});

describe('parseShebang', () => {
  const parse = (text: string): unknown => parseShebang(Buffer.from(text));

  it('reads interpreter, env and carriage return', () => {
    assert.deepEqual(parse('#!/bin/sh\necho'), { interpreter: '/bin/sh', carriageReturn: false });
    assert.deepEqual(parse('#! /bin/sh -e\n'), { interpreter: '/bin/sh', carriageReturn: false });
    assert.deepEqual(parse('#!/bin/sh\r\n'), { interpreter: '/bin/sh', carriageReturn: true });
    assert.deepEqual(parse('#!/usr/bin/env node\n'), {
      interpreter: '/usr/bin/env',
      viaEnv: 'node',
      carriageReturn: false,
    });
    assert.deepEqual(parse('#!/usr/bin/env -S deno run\n'), {
      interpreter: '/usr/bin/env',
      viaEnv: 'deno',
      carriageReturn: false,
    });
  });

  it('makes no claim about env with options or assignments', () => {
    for (const line of [
      '#!/usr/bin/env -i sh',
      '#!/usr/bin/env -S A=1 sh',
      '#!/usr/bin/env -u X sh',
      '#!/usr/bin/env',
    ]) {
      assert.deepEqual(parse(line), { interpreter: '/usr/bin/env', carriageReturn: false });
    }
  });

  it('is nothing for programs, texts and empty files', () => {
    for (const text of ['', '#', '#!', '#!\n', '#!   \n', 'echo', '\u007fELF']) assert.equal(parse(text), undefined);
  });
});
