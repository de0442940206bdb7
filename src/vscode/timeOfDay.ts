/** `14:32:05`, from epoch milliseconds, in the person's time zone. */
export function timeOfDay(epochMs: number): string {
  return new Date(epochMs).toLocaleTimeString('en-GB', { hour12: false });
}
