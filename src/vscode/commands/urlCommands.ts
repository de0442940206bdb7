import * as vscode from 'vscode';
import { commandIds } from '../../ids';
import type { BackendView } from '../../model/snapshot';
import { BackendFailure } from '../../protocol/backendFailure';
import type { BackendCommand } from './backendCommand';
import { canOpen, hasUrl } from './fits';

export function urlCommands(): readonly BackendCommand[] {
  return [
    {
      id: commandIds.openInBrowser,
      question: 'Select the backend to open in the browser',
      fits: canOpen,
      noneFits: 'No backend with an address is ready.',
      run: async (views) => {
        // openExternal makes the address reachable from the person's machine by itself.
        for (const view of views) await vscode.env.openExternal(addressOf(view));
      },
    },
    {
      id: commandIds.copyUrl,
      question: 'Select the backend whose address to copy',
      fits: hasUrl,
      noneFits: 'No backend has an address.',
      run: async (views) => {
        const reachable = await Promise.all(views.map((view) => vscode.env.asExternalUri(addressOf(view))));
        const text = reachable.map((uri) => uri.toString(true)).join('\n');
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(`Copied ${text}`, 3_000);
        return text;
      },
    },
  ];
}

function addressOf(view: BackendView): vscode.Uri {
  if (view.url !== undefined) return vscode.Uri.parse(view.url, true);
  throw BackendFailure.of(
    'unknownBackend',
    `"${view.name}" has no address.`,
    view.publicPort === undefined ? 'Only a backend with a port has one.' : 'Start it first.',
  );
}
