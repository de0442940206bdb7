/**
 * Control and format characters, which can move the cursor, turn the reading direction or hide text. The two
 * joiners that scripts and emoji need are let through.
 */
const deceptive = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from outside (a name, a reason, a line of output) as one harmless line of at most `maxLength`
 * characters. Nothing is escaped: what icons or Markdown mean is known where the text is shown.
 */
export function plainText(text: string, maxLength = 200): string {
  const line = text
    .slice(0, maxLength * 4)
    .replace(/[\t\n\v\f\r\u2028\u2029]+/g, ' ')
    .replace(deceptive, '')
    .trim();
  const characters = Array.from(line);
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`;
}
