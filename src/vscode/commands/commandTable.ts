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

/** What a command does with its arguments. */
export type CommandHandler = (first: unknown, second: unknown) => unknown;

/** Every command of the manifest, by its id. */
export function commandTable(ports: CommandPorts, answers: AnswerPorts): ReadonlyMap<string, CommandHandler> {
  const perBackend = [
    ...startCommands(ports),
    ...stopCommands(ports),
    ...awakeCommands(ports),
    ...urlCommands(),
    ...viewCommands(ports),
  ];
  return new Map<string, CommandHandler>([
    ...perBackend.map((command): [string, CommandHandler] => {
      return [command.id, (first, second) => runCommand(ports, command, first, second)];
    }),
    ...Object.entries(allCommands(ports)),
    [commandIds.openConfig, (argument) => openConfig(ports, argument)],
    [commandIds.forgetAnswers, () => forgetAnswers(answers)],
    [commandIds.showAll, () => showAllForPerson(ports)],
    [commandIds.pick, () => pickBackend(ports.store)],
  ]);
}
