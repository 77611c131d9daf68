import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SoakReport } from '../../tools/soak/run.ts';

it('serves right answers through twenty seconds of mixed load, reloads and certificate swaps', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'outrigger-soak-test-')), 'report.json');
  // With pauses, which leave the workers of the server their time on slow machines, too, and more time to notice changes.
  const args = ['--seconds', '20', '--seed', '8', '--pause', '10', '--grace', '6000', '--sets', '5', '--json', file];
  const child = spawn(process.execPath, ['tools/soak/main.ts', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number];
  const report = JSON.parse(readFileSync(file, 'utf8')) as SoakReport;
  expect(report.findings).toEqual({});
  expect(code).toBe(0);
  for (const [kind, count] of Object.entries(report.requests)) expect(count, kind).toBeGreaterThan(0);
  expect(report.log.configurationsTaken).toBeGreaterThan(1);
  expect(report.log.certificatesTaken).toBeGreaterThan(0);
});
