import assert from 'node:assert/strict';
import { attachedPort } from '../../../src/vscode/attachedPort';

describe('the port a debugger attaches to', () => {
  const table: readonly (readonly [what: string, configuration: Record<string, unknown>, port: number | undefined])[] =
    [
      ['Node', { request: 'attach', port: 9229 }, 9229],
      ['Node, as text', { request: 'attach', port: '9229', address: 'localhost' }, 9229],
      ['Python', { request: 'attach', connect: { host: '127.0.0.1', port: 5678 } }, 5678],
      ['Java', { request: 'attach', hostName: 'localhost', port: 5005 }, 5005],
      ['another machine', { request: 'attach', address: '10.0.0.2', port: 9229 }, undefined],
      ['a launch', { request: 'launch', port: 9229 }, undefined],
      ['a process', { request: 'attach', processId: 7 }, undefined],
      ['nonsense', { request: 'attach', port: {}, connect: null }, undefined],
    ];
  for (const [what, configuration, port] of table) {
    it(`${what}: ${port}`, () => assert.equal(attachedPort(configuration), port));
  }
});
