import assert from 'node:assert/strict';
import type { RequestHead } from '../../../src/gateway/httpHead';
import { isAllowedHost, isCrossSite, isIgnored, isNavigation } from '../../../src/gateway/requestPolicy';

const plain: RequestHead = { method: 'GET', path: '/', framing: { kind: 'none' }, switches: false, closes: false };
const hosts = ['api.example.test', '*.dev.test'];

describe('isAllowedHost', () => {
  it('allows this machine, addresses and what was listed', () => {
    for (const host of [
      undefined,
      '',
      'localhost',
      'LOCALHOST:3000',
      'localhost.',
      'a.b.localhost:1',
      '127.0.0.1:80',
      '192.168.1.2',
      '[::1]:3000',
      '[fe80::1]',
      'api.example.test:8080',
      'a.dev.test',
      'a.b.DEV.test.',
    ]) {
      assert.equal(isAllowedHost(host, hosts), true, host);
    }
  });

  it('allows no other name, however it is dressed up', () => {
    for (const host of [
      'evil.test',
      'localhost.evil.test',
      'evillocalhost',
      '127.0.0.1.evil.test',
      'dev.test',
      'evildev.test',
      'xapi.example.test',
      'evil.test@localhost',
      'localhost@evil.test',
      'localhost:80:evil.test',
      'localhost/evil.test',
      'localhost evil.test',
      '[::1].evil.test',
      '[evil.test]',
    ]) {
      assert.equal(isAllowedHost(host, hosts), false, host);
    }
  });
});

describe('isCrossSite', () => {
  const of = (facts: Partial<RequestHead>): boolean => isCrossSite({ ...plain, ...facts }, hosts);

  it('takes the word of the browser', () => {
    assert.equal(of({}), false);
    assert.equal(of({ fetchSite: 'Cross-Site' }), true);
    for (const fetchSite of ['same-origin', 'same-site', 'none']) assert.equal(of({ fetchSite }), false, fetchSite);
  });

  it('takes the origin over it', () => {
    for (const origin of ['http://localhost:5173', 'https://[::1]:1', 'http://127.0.0.1', 'http://a.dev.test']) {
      assert.equal(of({ origin, fetchSite: 'cross-site' }), false, origin);
    }
    for (const origin of [
      'null',
      '',
      'https://evil.test',
      'http://192.168.1.2',
      'file://',
      'http://localhost@evil.test',
    ]) {
      assert.equal(of({ origin, fetchSite: 'same-origin' }), true, origin);
    }
  });
});

describe('isIgnored', () => {
  const rules = { hosts, ignorePaths: ['/health'], ignoreAgents: ['kube-probe'] };
  const of = (facts: Partial<RequestHead>): boolean => isIgnored({ ...plain, ...facts }, rules);

  it('knows health checks and pages that only wait', () => {
    assert.equal(of({ path: '/health' }), true);
    assert.equal(of({ agent: 'Kube-Probe/1.29' }), true);
    assert.equal(of({ subprotocol: 'vite-ping', switches: true }), true);
  });

  it('counts everything else', () => {
    assert.equal(of({}), false);
    assert.equal(of({ path: '/health/detail' }), false);
    assert.equal(of({ path: '/HEALTH' }), false);
    assert.equal(of({ agent: 'curl' }), false);
    assert.equal(of({ subprotocol: 'vite-hmr', switches: true }), false);
  });
});

describe('isNavigation', () => {
  it('is a person who looks', () => {
    assert.equal(isNavigation({ ...plain, fetchMode: 'Navigate' }), true);
    assert.equal(isNavigation({ ...plain, fetchMode: 'navigate', method: 'POST' }), false);
    assert.equal(isNavigation({ ...plain, fetchMode: 'cors' }), false);
    assert.equal(isNavigation(plain), false);
  });
});
