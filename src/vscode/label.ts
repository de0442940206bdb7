/** Text from a configuration file may hold `$(name)`, which labels, quick picks and progress would draw as an icon. */
export function escapeIcons(text: string): string {
  return text.replace(/\$\(/g, '\\$(');
}
