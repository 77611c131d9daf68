import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderAudit, type AuditReport } from '../../src/cli/audit-text.ts';

const report = (name: string): AuditReport => ({
  version: 1,
  configuration: { name: 'c', revision: '' },
  pods: 1,
  verdicts: { refused: 1, missing: 0, superfluous: 0, stale: 0, current: 0, outside: 0 },
  findings: [
    {
      verdict: 'refused',
      reason: 'r',
      message: `one\n${name}`,
      changes: [],
      count: 1,
      workloads: [{ kind: 'Deployment', namespace: 'a', name, pods: [name] }],
    },
  ],
  explained: [{ path: name, explanation: name, count: 1 }],
  plan: { waves: [], blocked: [{ kind: 'Deployment', namespace: 'a', name, reason: name }] },
  unreadable: [{ name, problem: name }],
  notes: [name],
});

describe('a plan as a script', () => {
  it.each(['\nrm -rf x', '\r\nrm', 'a\u2028rm'])('has no commands but its own, whatever names hold: %j', (name) => {
    const lines = renderAudit(report(name), pc.createColors(false), true).split(/[\n\r\u2028\u2029]+/);
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });
});
