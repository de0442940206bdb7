import * as vscode from 'vscode';
import { plainText } from '../../model/plainText';
import type { AnsweredStart, AutoStart } from '../autoStart';
import type { ConsentMemory } from '../consentMemory';
import { escapeIcons } from '../label';
import { showInformation } from '../notifications';

export interface AnswerPorts {
  readonly autoStart: Pick<AutoStart, 'answeredStarts'>;
  readonly consent: Pick<ConsentMemory, 'count' | 'forget' | 'forgetAll'>;
}

interface Row extends vscode.QuickPickItem {
  /** Undefined: all answers, those of other workspaces too. */
  readonly answered?: AnsweredStart;
}

/** Takes back what a person answered about starts by themselves; the question comes again at the next opening. */
export async function forgetAnswers({ autoStart, consent }: AnswerPorts): Promise<void> {
  const total = consent.count;
  if (total === 0) {
    void showInformation('No answer about starting by itself is kept.');
    return;
  }
  const rows: readonly Row[] = [
    ...(await autoStart.answeredStarts()).map((answered) => ({
      label: escapeIcons(plainText(answered.name)),
      description: answered.answer === 'allowed' ? 'allowed to start by itself' : 'never starts by itself',
      answered,
    })),
    { label: 'All Answers, of All Workspaces', description: String(total) },
  ];
  const title = 'Forget Answers About Starting by Itself';
  const picked = await vscode.window.showQuickPick(rows, { title, canPickMany: true });
  if (picked === undefined || picked.length === 0) return;
  if (picked.some(({ answered }) => answered === undefined)) await consent.forgetAll();
  else await consent.forget(picked.flatMap(({ answered }) => answered?.fingerprint ?? []));
  void showInformation('Forgotten. The question comes again when the workspace is opened the next time.');
}
