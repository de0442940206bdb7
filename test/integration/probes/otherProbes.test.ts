import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttp2 } from 'node:http2';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProbe } from '../../../src/probes/createProbe';
import { probeContext } from '../../unit/probes/fakes';
import { closedPort, serve, track } from '../net/loopbackServer';

describe('tcp probe', () => {
  it('is_ready_when_somebody_accepts_on_either_loopback_address', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const server = await serve(() => {}, { host });
      const outcome = await createProbe({ kind: 'tcp' }, probeContext({ port: server.port })).probe(1_000);
      await server.close();
      assert.deepEqual(outcome, { ok: true, saw: 'connected', connected: true });
    }
  });

  it('looks_at_the_port_it_names_rather_than_the_backends_own', async () => {
    const port = await closedPort();
    const probe = createProbe({ kind: 'tcp', port }, probeContext({ port: 1 }));
    assert.equal(probe.describe, `tcp :${port}`);
    assert.deepEqual(await probe.probe(1_000), { ok: false, saw: 'connection refused' });
  });
});

describe('unix probe', () => {
  it('is_ready_when_somebody_accepts_on_the_socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lb-unix-'));
    const path = join(folder, 's.sock');
    const probe = createProbe({ kind: 'unix', path }, probeContext());
    assert.deepEqual(await probe.probe(1_000), { ok: false, saw: 'no such socket' });
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => server.listen(path, resolve));
    assert.deepEqual(await probe.probe(1_000), { ok: true, saw: 'connected', connected: true });
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
});

describe('grpc probe', () => {
  it('is_ready_when_the_service_serves_and_not_before', async () => {
    let status = 2;
    const asked: string[] = [];
    const http2 = createHttp2((request, response) => {
      asked.push(request.url);
      response.writeHead(200, { 'content-type': 'application/grpc' });
      response.addTrailers({ 'grpc-status': '0' });
      response.end(Buffer.from([0, 0, 0, 0, 2, 8, status]));
    });
    const server = await track(http2);
    const probe = createProbe({ kind: 'grpc', service: 'shop' }, probeContext({ port: server.port }));
    assert.deepEqual(await probe.probe(2_000), { ok: false, saw: 'NOT_SERVING', connected: true });
    status = 1;
    assert.deepEqual(await probe.probe(2_000), { ok: true, saw: 'SERVING', connected: true });
    await server.close();
    assert.deepEqual(asked, ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Check']);
  });

  it('tells_a_server_without_health_checks', async () => {
    const http2 = createHttp2((_, response) => response.writeHead(200, { 'grpc-status': '12' }).end());
    const server = await track(http2);
    const outcome = await createProbe({ kind: 'grpc', service: '' }, probeContext({ port: server.port })).probe(2_000);
    await server.close();
    assert.deepEqual(outcome, { ok: false, saw: 'gRPC error 12', connected: true });
  });
});
