import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { useBroker } from '../../support/brokerHarness';
import { hostileProgram } from '../../support/hostileProgram';
import { useLeakCheck } from '../../support/leakCheck';
import { neededProgram } from '../../support/neededProgram';
import { repositoryRoot } from '../../support/repositoryRoot';
import { liveThrough } from './liveThrough';

const fastifySource = `
const app = require('fastify')();
app.get('/health', (request, reply) => reply.send({ ok: true }));
app.get('/hello/:name', (request, reply) => reply.send({ hello: request.params.name }));
app.listen({ port: Number(process.env.PORT), host: 'localhost' });
process.on('SIGTERM', () => app.close().then(() => process.exit(0)));
`;

const nginxConfig = `
pid nginx.pid;
daemon off;
worker_processes 2;
error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server { listen 127.0.0.1:@PORT@; location / { return 200 "nginx answers\\n"; } }
}
`;

describe('real web servers', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const gets = (path: string, expected: RegExp) => async (port: number) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
    assert.equal(response.status, 200);
    assert.match(await response.text(), expected);
  };

  it('nginx, a master with workers', async () => {
    const b = broker();
    b.write('nginx.conf.in', nginxConfig);
    const nginx = neededProgram('nginx');
    const command = `sed "s/@PORT@/\${port}/" nginx.conf.in > nginx.conf && exec ${nginx} -p "$PWD" -c nginx.conf -e stderr`;
    await liveThrough(b, { command, ready: { http: '/' } }, gets('/', /nginx answers/));
  });

  it('python3 -m http.server', async () => {
    const b = broker();
    b.write('hello.txt', 'hello from python');
    const command = [neededProgram('python3'), '-m', 'http.server', '${port}', '--bind', '127.0.0.1'];
    const ready = { http: '/', log: 'Serving HTTP' };
    await liveThrough(b, { command, ready }, gets('/hello.txt', /hello from python/));
  });

  it('php -S', async () => {
    const b = broker();
    b.write('index.php', '<?php echo "hello from php";');
    const command = [neededProgram('php'), '-S', 'localhost:${port}'];
    await liveThrough(b, { command }, async (port) => {
      const response = await fetch(`http://localhost:${port}/`, { headers: { connection: 'close' } });
      assert.equal(await response.text(), 'hello from php');
    });
  });

  it('Fastify', async () => {
    const b = broker();
    b.write('app.cjs', fastifySource);
    const env = { NODE_PATH: join(repositoryRoot, 'node_modules') };
    await liveThrough(b, { command: ['node', 'app.cjs'], env, ready: { http: '/health' } }, async (port) => {
      const response = await fetch(`http://localhost:${port}/hello/world`, { headers: { connection: 'close' } });
      assert.deepEqual(await response.json(), { hello: 'world' });
    });
  });

  it('Vite through npm run dev, whose wrapper passes no signal on', async () => {
    const b = broker();
    const script = 'vite --host 127.0.0.1 --port $PORT --strictPort';
    b.write('package.json', JSON.stringify({ private: true, scripts: { dev: script } }));
    b.write('vite.config.mjs', `export default { cacheDir: '.vite' };`);
    b.write('index.html', '<!doctype html><title>page</title><script type="module" src="/main.js"></script>');
    b.write('main.js', 'export const answer = 42;');
    const env = {
      PATH: `${join(repositoryRoot, 'node_modules', '.bin')}:${dirname(process.execPath)}:\${env:PATH}`,
      npm_config_update_notifier: 'false',
    };
    await liveThrough(b, { command: 'npm run dev', env, ready: { http: '/' } }, async (port) => {
      await gets('/', /@vite\/client/)(port);
      await gets('/main.js', /answer = 42/)(port);
    });
  });

  it('a daemon whose parents exit with 0', async () => {
    const command = hostileProgram('listeningDaemon.sh', process.execPath);
    await liveThrough(broker(), { command, ready: { http: '/' } }, gets('/', /daemon \d+/));
  });
});
