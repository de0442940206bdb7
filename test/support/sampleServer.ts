/** Source of a small HTTP server for tests; `PORT` and what it prints are as every backend has them. */
export const httpServerSource = `
const http = require('node:http');
const server = http.createServer((request, response) => {
  if (request.url === '/slow') return void setTimeout(() => response.end('slow'), 3000);
  response.end('hello from ' + process.pid);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening on ' + process.env.PORT));
process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });
`;
