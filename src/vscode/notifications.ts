import * as vscode from 'vscode';
import { notificationText } from './label';

/**
 * The only way to a notification or a dialog: names and messages come from files and programs, and a link in them
 * would run a command. A test holds that nothing else shows one.
 */
export function showInformation(message: string, ...answers: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(notificationText(message), ...answers);
}

export function showWarning(message: string, ...answers: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(notificationText(message), ...answers);
}

export function showError<T extends vscode.MessageItem>(
  message: string,
  ...answers: readonly T[]
): Thenable<T | undefined> {
  return vscode.window.showErrorMessage(notificationText(message), ...answers);
}

/** Modal: for what cannot be taken back. True when the person agreed. */
export async function confirm(message: string, detail: string, agree: string): Promise<boolean> {
  const options = { modal: true, detail: notificationText(detail) };
  return (await vscode.window.showWarningMessage(notificationText(message), options, agree)) === agree;
}
