/**
 * The program of the pattern worker, as text: the broker is one bundled file, and a worker that needed a second
 * one would have to find it wherever the bundle was put.
 */
export const patternWorkerSource = `
const { parentPort } = require('node:worker_threads');
const compiled = new Map();
parentPort.on('message', ({ source, flags, lines }) => {
  try {
    const key = flags + '/' + source;
    let pattern = compiled.get(key);
    if (!pattern) compiled.set(key, (pattern = new RegExp(source, flags)));
    const match = lines.some((line) => {
      pattern.lastIndex = 0;
      return pattern.test(line);
    });
    parentPort.postMessage({ kind: match ? 'match' : 'noMatch' });
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', why: String(error && error.message) });
  }
});
parentPort.postMessage({ kind: 'up' });
`;
