/** Command lines are shown in tooltips and messages; what looks like a secret must not be. */

const maxShown = 200;
/** Beyond this nothing is looked at: a command line may be 2 MB long. */
const maxLookedAt = 4096;

const secretName = '[\\w.-]{0,64}(?:pass|pwd|token|secret|key|auth|credential)[\\w.-]{0,64}';
const value = `(?:"[^"]*"?|'[^']*'?|[^\\s"']+)`;
const assignment = new RegExp(`(${secretName}=)${value}`, 'gi');
const flagAndValue = new RegExp(`(--?${secretName}\\s+)(?!-)${value}`, 'gi');
const urlUserInfo = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,512}@/gi;
const bearer = /\b(bearer|basic)\s+[\w+/=._~-]{6,}/gi;

/** Replaces values that look secret by `***` and cuts the text to 200 characters. */
export function maskSecrets(text: string): string {
  const masked = text
    .slice(0, maxLookedAt)
    .replace(urlUserInfo, '$1***@')
    .replace(assignment, '$1***')
    .replace(flagAndValue, '$1***')
    .replace(bearer, '$1 ***');
  return masked.length > maxShown ? `${masked.slice(0, maxShown - 1)}…` : masked;
}
