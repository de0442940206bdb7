const lookEveryMs = 500;

/**
 * Ends us, as a signal would, once the shell between npm and us is gone: npm passes a SIGTERM on to that shell, which
 * dies of it and tells nobody.
 */
export function followParent(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, lookEveryMs);
  timer.unref();
}
