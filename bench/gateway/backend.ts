/** The backend that all of it is measured with. */

/** `/` is small, `/bytes/N` is large, `/upload` reads all and answers when it has it. `BOOT` ms pass before it listens. */
export const backendSource = `
const http = require('node:http');
const piece = Buffer.alloc(64 * 1024, 'x');
const server = http.createServer((request, response) => {
  if (request.method === 'POST') {
    let received = 0;
    request.on('data', (bytes) => (received += bytes.length));
    request.on('end', () => answer(response, String(received)));
  } else if (request.url.startsWith('/bytes/')) large(response, Number(request.url.slice(7)));
  else answer(response, 'hello from ' + process.pid);
});
function answer(response, text) {
  response.writeHead(200, { 'Content-Length': text.length }).end(text);
}
function large(response, size) {
  response.writeHead(200, { 'Content-Length': size });
  let left = size;
  const more = () => {
    while (left > 0) {
      const part = left < piece.length ? piece.subarray(0, left) : piece;
      left -= part.length;
      if (!response.write(part)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}
server.keepAliveTimeout = 600_000;
setTimeout(() => server.listen(Number(process.env.PORT), '127.0.0.1'), Number(process.env.BOOT ?? 0));
`;
