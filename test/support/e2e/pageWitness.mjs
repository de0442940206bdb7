// Runs in the page of a workbench: remembers every text that rows, the status bar item and messages have had.
// No element is looked up by anything but its place, so nothing here depends on what the texts are.
(() => {
  const seen = { rows: {}, status: [], toasts: [] };
  globalThis.localBackendsSeen = seen;
  const add = (list, value) => {
    if (JSON.stringify(list.at(-1)) !== JSON.stringify(value)) list.push(value);
  };
  const look = () => {
    for (const row of document.querySelectorAll('.sidebar .pane-body .monaco-list-row')) {
      const label = row.querySelector('.label-name')?.textContent ?? '';
      if (label !== '') add((seen.rows[label] ??= []), row.querySelector('.label-description')?.textContent ?? '');
    }
    const status = document.querySelector('[id="local-backends.local-backends.readiness"]');
    if (status !== null) {
      const spins = status.querySelector('.codicon-loading') !== null;
      add(seen.status, { text: status.textContent.trim(), spins });
    }
    for (const toast of document.querySelectorAll('.notifications-toasts .notification-list-item-message')) {
      add(seen.toasts, toast.textContent);
    }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  look();
})();
