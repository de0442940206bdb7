import { plainText } from '../model/plainText';

/** Text from a configuration file may hold `$(name)`, which labels, quick picks and progress would draw as an icon. */
export function escapeIcons(text: string): string {
  return text.replace(/\$\(/g, '\\$(');
}

/**
 * Text from outside as a notification, its progress or a dialog may show it: VS Code turns `[label](command:…)` in
 * any of them into a link that runs the command. A blank keeps the two parts of a link apart.
 */
export function notificationText(text: string): string {
  return plainText(text, 1_000).replace(/\](?=\()/g, '] ');
}
