/** `2026-11-25 22:44:58` where the program runs. Asking Intl for it costs a process 8 MB. */
export function localDateTime(epochMs: number): string {
  const at = new Date(epochMs);
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
