import * as vscode from 'vscode';
import { commandIds } from '../../ids';
import type { BackendView } from '../../model/snapshot';
import { BackendFailure } from '../../protocol/backendFailure';
import { failureOf } from '../failureOf';
import { showInformation } from '../notifications';
import { toSnapshot } from '../snapshots';
import type { BackendActions } from '../backendActions';
import type { BackendCommand, CommandPorts } from './backendCommand';
import { canKeepAwake, canSleep, isKeptAwake } from './fits';

interface AwakePick extends vscode.QuickPickItem {
  readonly durationMs?: number;
}

const minuteMs = 60_000;

const lengths: readonly AwakePick[] = [
  { label: 'For 15 Minutes', durationMs: 15 * minuteMs },
  { label: 'For 1 Hour', durationMs: 60 * minuteMs },
  { label: 'Until I Release or Stop It' },
];

export function awakeCommands(ports: CommandPorts): readonly BackendCommand[] {
  const { actions } = ports;
  return [
    {
      id: commandIds.sleepNow,
      question: 'Select the backend to put to sleep',
      fits: canSleep,
      noneFits: 'No backend is ready, so none can be put to sleep.',
      run: (views, caller) => {
        const slept = each(views, (view) => actions.sleepNow(view.key));
        return caller === 'person' ? slept.catch(tellRefusal) : slept;
      },
    },
    {
      id: commandIds.keepAwake,
      question: 'Select the backend to keep awake',
      fits: canKeepAwake,
      noneFits: 'No backend is running, so none can be kept awake.',
      run: (views, caller, option) =>
        caller === 'person' ? keepAwakeAsked(actions, views) : keepAwake(actions, views, durationOf(option)),
    },
    {
      id: commandIds.releaseKeepAwake,
      question: 'Select the backend that may sleep again',
      fits: isKeptAwake,
      noneFits: 'No backend is being kept awake.',
      run: (views) => each(views, (view) => actions.releaseKeepAwake(view.key)),
    },
  ];
}

async function keepAwakeAsked(actions: BackendActions, views: readonly BackendView[]): Promise<void> {
  const placeHolder = `Keep ${views.map((view) => view.name).join(', ')} awake`;
  const picked = await vscode.window.showQuickPick(lengths, { placeHolder });
  if (picked !== undefined) await keepAwake(actions, views, picked.durationMs);
}

function keepAwake(actions: BackendActions, views: readonly BackendView[], durationMs?: number): Promise<unknown> {
  return each(views, (view) => actions.keepAwake(view.key, durationMs));
}

/** That it stays awake is no failure, but whoever asked waits for an answer. */
function tellRefusal(error: unknown): void {
  const { code, message } = failureOf(error).failure;
  if (code !== 'cancelled') throw error;
  void showInformation(message);
}

/** Answers with the first outcome: code always names exactly one backend. */
async function each(views: readonly BackendView[], act: (view: BackendView) => Promise<BackendView>): Promise<unknown> {
  const outcomes = await Promise.all(views.map(act));
  return outcomes.map(toSnapshot)[0];
}

/** `{durationMs}` as the second argument; without it, until released. A length that is none is refused, not endless. */
export function durationOf(option: unknown): number | undefined {
  if (typeof option !== 'object' || option === null) return undefined;
  const durationMs: unknown = Reflect.get(option, 'durationMs');
  if (durationMs === undefined) return undefined;
  if (typeof durationMs === 'number' && Number.isFinite(durationMs) && durationMs > 0) return durationMs;
  const hint = 'Leave it out to keep the backend awake until it is released.';
  throw BackendFailure.of(
    'invalidConfig',
    `"durationMs" must be a number above 0, not ${JSON.stringify(durationMs)}.`,
    hint,
  );
}
