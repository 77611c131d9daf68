/**
 * A real Chromium for tests of pages. Suites that need it run where it is installed, are reported as skipped with the reason where it is not,
 * and fail where `CI=true` and it is not.
 */
import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const found = candidates.find((path) => path !== undefined && existsSync(path));

/** Path of the browser; only to be used within {@link describeBrowser}. */
export const chromiumPath = found ?? '';

/** A suite that needs a browser. */
export function describeBrowser(name: string, suite: () => void): void {
  if (found !== undefined) {
    describe(name, suite);
  } else if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('finds Chromium', () => {
        throw new Error('Chromium is missing (/usr/bin/chromium, or set CHROMIUM), and in CI the page must be tested');
      });
    });
  } else {
    describe.skip(`${name} (left out: Chromium is not installed)`, () => {
      it('needs Chromium', () => undefined);
    });
  }
}
