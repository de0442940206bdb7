/** The base line: an extension that does nothing. */
export function activate(): void {}
