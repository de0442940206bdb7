import assert from 'node:assert/strict';
import { variable } from '../../../../src/platform/process/environment';
import { explainShellExit, shellInvocation } from '../../../../src/platform/process/shellCommand';
import { quoteArgument, windowsCandidates, windowsInvocation } from '../../../../src/platform/process/windowsCommand';

describe('shellInvocation', () => {
  const text = `echo "a  b" $HOME 'x' %PATH% && exit 1`;

  it('passes the text on unchanged', () => {
    assert.deepEqual(shellInvocation(text, false), { file: '/bin/sh', args: ['-c', text] });
  });

  it('on Windows lets cmd strip the outer quotes only', () => {
    assert.deepEqual(shellInvocation(text, true), {
      file: 'cmd.exe',
      args: ['/d', '/s', '/c', `"${text}"`],
      verbatimArguments: true,
    });
  });
});

describe('explainShellExit', () => {
  it('knows 126 and 127 and nothing else', () => {
    const codes = [undefined, 0, 1, 125, 126, 127, 128, 255].map((code) => explainShellExit(code)?.code);
    assert.deepEqual(codes, [
      undefined,
      undefined,
      undefined,
      undefined,
      'notExecutable',
      'commandNotFound',
      undefined,
      undefined,
    ]);
  });
});

describe('a command on Windows', () => {
  it('is looked for with the extensions of the system, in their order', () => {
    assert.deepEqual(windowsCandidates('npm', '.EXE;.CMD'), ['npm.exe', 'npm.cmd']);
    assert.deepEqual(windowsCandidates('a.exe', '.EXE'), ['a.exe', 'a.exe.exe']);
    assert.equal(windowsCandidates('npm', undefined).length, 4);
  });

  it('is run directly when it is a program', () => {
    assert.deepEqual(windowsInvocation('C:\\x.exe', ['a b']), { file: 'C:\\x.exe', args: ['a b'] });
  });

  it('goes through cmd when it is a batch file, with everything cmd acts on escaped', () => {
    const { file, args, verbatimArguments } = windowsInvocation('C:\\my tools\\npm.cmd', ['run', 'a&b', '%PATH%']);
    assert.equal(file, 'cmd.exe');
    assert.equal(verbatimArguments, true);
    assert.deepEqual(args.slice(0, 3), ['/d', '/s', '/c']);
    const line = (args[3] ?? '').slice(1, -1);
    assert.ok(line.startsWith('^"C:\\my^ tools\\npm.cmd^" '));
    assert.equal(/(?<!\^)[&%"]/.test(line), false, 'no bare special character');
  });

  it('has its arguments quoted as the C runtime reads them', () => {
    const cases = [
      ['plain', '"plain"'],
      ['a "b"', '"a \\"b\\""'],
      ['C:\\dir\\', '"C:\\dir\\\\"'],
      ['\\"', '"\\\\\\""'],
      ['', '""'],
    ];
    for (const [arg = '', quoted] of cases) assert.equal(quoteArgument(arg), quoted);
  });

  it('finds variables whatever their case', () => {
    assert.equal(variable({ Path: 'x' }, 'PATH', true), 'x');
    assert.equal(variable({ Path: 'x' }, 'PATH', false), undefined);
  });
});
