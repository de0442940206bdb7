import { plainText } from '../model/plainText';

/** Text from a configuration file may hold `$(name)`, which labels, quick picks and progress would draw as an icon. */
export function escapeIcons(text: string): string {
  return text.replace(/\$\(/g, '\\$(');
}

/**
 * For `appendText`, which escapes all of Markdown but this: `<command:…>` is a link too.
 */
export function withoutAutolinks(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/**
 * Text from outside as a notification, its progress or a dialog may show it: VS Code turns `[label](command:…)` in
 * any of them into a link that runs the command. A blank keeps the two parts of a link apart.
 */
export function notificationText(text: string): string {
  return plainText(text, 1_000).replace(/\](?=\()/g, '] ');
}
