import { describe, expect, it } from 'vitest';
import { BoundedLabels } from '../../src/server/bounded-labels.ts';

describe('labels that clients choose', () => {
  it('are counted by their names, up to a number of them', () => {
    const labels = new BoundedLabels<'group' | 'resource'>();
    const first = { group: 'networking.istio.io', resource: 'gateways' };
    expect(labels.bound(first)).toEqual(first);
    const seen = new Set<string>();
    for (let index = 0; index < 1000; index += 1) {
      seen.add(JSON.stringify(labels.bound({ group: 'g', resource: `r${index}` })));
    }
    expect(seen.size).toBe(200);
    expect(seen).toContain('{"group":"other","resource":"other"}');
    // Those that were known stay known.
    expect(labels.bound(first)).toEqual(first);
  });

  it('are not taken when they are longer than any name', () => {
    const labels = new BoundedLabels<'group'>();
    expect(labels.bound({ group: 'x'.repeat(254) })).toEqual({ group: 'other' });
    expect(labels.bound({ group: 'x'.repeat(253) })).toEqual({ group: 'x'.repeat(253) });
  });
});
