/** Which requests may pass, which count as use, and which may wake. Pure. */
import type { RequestHead } from './httpHead';

export interface RequestRules {
  /** Beside the names of loopback. `*.example.test` means any name below it. */
  readonly hosts: readonly string[];
  readonly ignorePaths: readonly string[];
  readonly ignoreAgents: readonly string[];
}

/**
 * A name in `Host` that does not mean this machine is how a foreign page reaches a port on loopback (DNS
 * rebinding). A client that sends no `Host` is no browser.
 */
export function isAllowedHost(host: string | undefined, hosts: readonly string[]): boolean {
  if (host === undefined || host === '') return true;
  const name = hostName(host);
  // An address cannot be rebound.
  return name !== undefined && (isAddress(name) || isOwnName(name, hosts));
}

/** A page of another site sent it: such a request is passed on, but it never wakes. */
export function isCrossSite(head: RequestHead, hosts: readonly string[]): boolean {
  if (head.origin !== undefined) {
    const name = hostName(/^https?:\/\/(.+)$/i.exec(head.origin)?.[1] ?? '');
    return name === undefined || !isOwnName(name, hosts);
  }
  return head.fetchSite?.toLowerCase() === 'cross-site';
}

/** A health check, or a page that only waits for the backend to come back: no use, and never a wake. */
export function isIgnored(head: RequestHead, rules: RequestRules): boolean {
  if (head.subprotocol?.toLowerCase() === 'vite-ping') return true;
  if (rules.ignorePaths.includes(head.path)) return true;
  const agent = head.agent?.toLowerCase();
  return agent !== undefined && rules.ignoreAgents.some((ignored) => agent.includes(ignored.toLowerCase()));
}

/** A person looks at it in a browser: an answer in the meantime is worth more than silence. */
export function isNavigation(head: RequestHead): boolean {
  return head.fetchMode?.toLowerCase() === 'navigate' && (head.method === 'GET' || head.method === 'HEAD');
}

function hostName(host: string): string | undefined {
  const found = /^(\[[0-9a-f:.]+\]|[^:/@\s[\]]+)(?::\d*)?$/i.exec(host)?.[1];
  return found?.toLowerCase().replace(/\.$/, '');
}

function isOwnName(name: string, hosts: readonly string[]): boolean {
  return isLoopbackName(name) || hosts.some((allowed) => matches(name, allowed.toLowerCase()));
}

function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

function isLoopbackName(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  );
}

function matches(name: string, allowed: string): boolean {
  return allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : name === allowed;
}
