import { chromium, type Browser } from 'playwright-core';
import { findProgram } from '../runner/programs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless Chromium with a fresh profile, owned by the caller. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROME_PATH'] ?? findProgram('chromium');
  if (executablePath === undefined) {
    throw new Error('Missing: chromium. On Debian run: sudo apt-get install -y chromium (or set CHROME_PATH)');
  }
  return await chromium.launch({ executablePath, headless: true, args: flags });
}
