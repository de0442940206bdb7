/** Where a log goes on backwards: the file that had its name before the last rotation. */
export function rotatedName(file: string): string {
  return `${file}.1`;
}
