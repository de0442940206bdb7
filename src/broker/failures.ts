/** The failures the broker itself words; each says what happened, where, and what to do. */
import { errorMessage } from '../base/errors';
import { BackendFailure } from '../protocol/backendFailure';
import type { BackendKey } from '../model/backendDefinition';
import type { Failure, Leftover, PortHolder } from '../model/failure';
import type { ExitStatus, ProcessInfo, SpawnProblem } from '../platform/process/types';
import type { StartOrigin } from '../protocol/messages';
import type { BackendRecord } from './backendRecord';

export function exitWords(status: ExitStatus): string {
  if (status.signal !== undefined) return `was ended by ${status.signal}`;
  if (status.code !== undefined) return `exited with code ${status.code}`;
  return 'ended (how is not known: an earlier broker started it)';
}

export function exitFields(status: ExitStatus): Pick<Failure, 'exitCode' | 'signal'> {
  return {
    ...(status.code === undefined ? {} : { exitCode: status.code }),
    ...(status.signal === undefined ? {} : { signal: status.signal }),
  };
}

export function untrusted(record: BackendRecord): BackendFailure {
  return BackendFailure.of(
    'untrusted',
    `"${record.definition.name}" was not started: the workspace is not trusted.`,
    'Trust the workspace (command "Workspaces: Manage Workspace Trust") to run its backends.',
  );
}

export function invalidDefinition(record: BackendRecord, problem: string): BackendFailure {
  return BackendFailure.of(
    'invalidConfig',
    `"${record.definition.name}" cannot be started: ${problem}`,
    'The Problems panel shows the place in .vscode/backends.json.',
  );
}

/** Windows hands no further descriptors on to a program. */
export function noDescriptorsHere({ definition: { name } }: BackendRecord, key: string): BackendFailure {
  return BackendFailure.of(
    'invalidConfig',
    `"${name}" cannot be started: "${key}" does not work on Windows, where a program gets no descriptor but its output.`,
    'Remove it; to tell when it is ready, wait for a line of its output ("ready": {"log": …}) or for an answer ("http", "tcp").',
  );
}

export function spawnFailure(record: BackendRecord, problem: SpawnProblem): BackendFailure {
  return BackendFailure.of(
    problem.code,
    `"${record.definition.name}" could not be started: ${problem.message}`,
    problem.hint,
  );
}

export function cancelled(record: BackendRecord, why: string): BackendFailure {
  return BackendFailure.of('cancelled', `"${record.definition.name}": ${why}`);
}

export function brokerEnds(reason: string): BackendFailure {
  return BackendFailure.of(
    'brokerUnavailable',
    `The broker ends just now: ${reason}.`,
    'Try again: a new broker is started.',
  );
}

export function dependencyFailed(record: BackendRecord, dependency: string, cause: BackendFailure): BackendFailure {
  return new BackendFailure({
    code: 'dependencyFailed',
    message: `"${record.definition.name}" was not started: "${dependency}", which it depends on, failed. ${cause.message}`,
    logTail: cause.failure.logTail,
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
  });
}

export function holderWords(holder: PortHolder): string {
  if (holder.pid === undefined) return 'another process';
  return holder.command === undefined ? `process ${holder.pid}` : `process ${holder.pid} (${holder.command})`;
}

/** Two worktrees of one repository have the same names: the folder tells which is meant. */
function backendWords(record: BackendRecord, key: BackendKey): string {
  const at = key.lastIndexOf('#');
  const [folder, name] = [key.slice(0, at), key.slice(at + 1)];
  return folder === record.folder.path ? `the backend "${name}"` : `the backend "${name}" of the folder ${folder}`;
}

export function portTaken(record: BackendRecord, found: PortHolder): BackendFailure {
  const holder = found.command === undefined ? found : { ...found, command: record.shown(found.command) };
  const owner =
    holder.backend === undefined
      ? holderWords(holder)
      : `${backendWords(record, holder.backend)}, ${holderWords(holder)}`;
  return new BackendFailure({
    code: 'portTaken',
    message: `"${record.definition.name}" was not started: port ${holder.port} is taken by ${owner}.`,
    hint:
      holder.backend === undefined
        ? 'Stop that process, or give the backend another port in .vscode/backends.json ("auto" picks a free one).'
        : 'Stop that backend, or let this one use another port ("port": "auto" in .vscode/backends.json always does).',
    logTail: [],
    portHolder: holder,
  });
}

export function budgetExhausted(record: BackendRecord, retryAfterMs: number): BackendFailure {
  return new BackendFailure({
    code: 'budgetExhausted',
    message: `"${record.definition.name}" was started too often in too short a time; it is not started again by itself.`,
    hint: `Its log tells why it ends. Start it by hand, or let something need it again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    logTail: [],
    retryAfterMs,
  });
}

/** A start that nobody asked for by hand runs only what was started here before. */
export function unknownToStart(record: BackendRecord, origin: StartOrigin): BackendFailure {
  const why = record.lastLaunch === undefined ? 'it was not started here before' : 'its definition has changed since';
  return BackendFailure.of(
    'untrusted',
    `"${record.definition.name}" was not ${origin === 'wake' ? 'woken' : 'started again'}: ${why}.`,
    'Start it once in the Backends view.',
  );
}

export function movedElsewhere(record: BackendRecord, origin: StartOrigin): BackendFailure {
  return BackendFailure.of(
    'untrusted',
    `"${record.definition.name}" was not ${origin === 'wake' ? 'woken' : 'started again'}: its cwd leads to another folder since.`,
    'Start it once in the Backends view.',
  );
}

export function endsSoonAfterReady(record: BackendRecord): BackendFailure {
  return BackendFailure.of(
    'budgetExhausted',
    `"${record.definition.name}" ended again and again soon after it was ready; it is not started again by itself.`,
    'Its log tells why it ends. Start it by hand when that is mended.',
  );
}

export function notStopped(record: BackendRecord, error: unknown): Failure {
  return {
    code: 'permissionDenied',
    message: `"${record.definition.name}" could not be stopped: ${errorMessage(error)}.`,
    hint: 'Stop it again. If that fails too, end its process by hand; Show Details names it.',
    logTail: [],
  };
}

export function undeclared(record: BackendRecord): BackendFailure {
  return BackendFailure.of('unknownBackend', `"${record.definition.name}" is no longer declared in backends.json.`);
}

export function leftoverWords(leftovers: readonly Leftover[]): string {
  return leftovers.map((left) => `${left.pid} (${left.command})`).join(', ');
}

export function leftBehind(
  record: BackendRecord,
  members: readonly ProcessInfo[],
  holder: PortHolder | undefined,
): Failure {
  const leftovers: Leftover[] = members.map(({ pid, startTime, command }) => {
    return { pid, startTime, command: record.shown(command) };
  });
  const named = leftoverWords(leftovers);
  const message =
    leftovers.length > 0
      ? `"${record.definition.name}" was told to stop, but processes are left: ${named}.`
      : `"${record.definition.name}" was stopped, but its port ${holder?.port ?? ''} is still held by ${holder === undefined ? 'another process' : record.shown(holderWords(holder))}.`;
  return {
    code: leftovers.length > 0 ? 'permissionDenied' : 'portTaken',
    message,
    hint: 'End the process named here, or ignore it.',
    logTail: [],
    leftovers,
    ...(holder === undefined ? {} : { portHolder: holder }),
  };
}
