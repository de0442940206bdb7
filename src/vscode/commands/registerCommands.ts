import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import { commandIds } from '../../ids';
import { allCommands } from './allCommands';
import { awakeCommands } from './awakeCommands';
import type { CommandPorts } from './backendCommand';
import { forgetAnswers, type AnswerPorts } from './forgetAnswersCommand';
import { openConfig } from './openConfigCommand';
import { pickBackend } from './pickCommand';
import { runCommand } from './runCommand';
import { showAllForPerson } from './showAllCommand';
import { startCommands } from './startCommands';
import { stopCommands } from './stopCommands';
import { urlCommands } from './urlCommands';
import { viewCommands } from './viewCommands';

/** Registers every command of the manifest. */
export function registerCommands(ports: CommandPorts, answers: AnswerPorts): Disposable {
  const owned = new DisposableStore();
  const register = (id: string, run: (first: unknown, second: unknown) => unknown): void => {
    owned.add(vscode.commands.registerCommand(id, run));
  };
  const perBackend = [
    ...startCommands(ports),
    ...stopCommands(ports),
    ...awakeCommands(ports),
    ...urlCommands(),
    ...viewCommands(ports),
  ];
  for (const command of perBackend) register(command.id, (first, second) => runCommand(ports, command, first, second));
  for (const [id, run] of Object.entries(allCommands(ports))) register(id, run);
  register(commandIds.openConfig, (argument) => openConfig(ports, argument));
  register(commandIds.forgetAnswers, () => forgetAnswers(answers));
  register(commandIds.showAll, () => showAllForPerson(ports));
  register(commandIds.pick, () => pickBackend(ports.store));
  return owned;
}
