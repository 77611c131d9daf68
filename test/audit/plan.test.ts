import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budgets, Owners, planRestarts, type Budget, type RestartWish } from '../../src/audit/index.ts';
import { decodePod } from '../../src/kubernetes/index.ts';
import type { JsonRecord } from '../../src/yaml/index.ts';

const workload = (kind: string, spec: JsonRecord = {}, status: JsonRecord = {}): JsonRecord => ({
  kind,
  metadata: { name: 'web', namespace: 'shop' },
  spec: { template: {}, ...spec },
  status,
});

function wish(object: JsonRecord, more: Partial<RestartWish> = {}): RestartWish {
  const owners = new Owners();
  owners.add(object);
  const name = { kind: String(object['kind']), namespace: 'shop', name: 'web' };
  const owner = owners.get(name);
  return { ...name, pods: 4, budgets: new Map(), isRefused: false, ...(owner && { owner }), ...more };
}

const plan = (one: RestartWish, budgets: Budget[] = []): unknown => {
  const { waves, blocked } = planRestarts([one], budgets, 10);
  return blocked[0]?.reason ?? waves[0]?.[0]?.unavailable;
};

describe('a restart', () => {
  it.each<[string, RestartWish, unknown]>([
    ['a Deployment: a quarter, rounded down', wish(workload('Deployment', { replicas: 7 })), 1],
    ['a small Deployment: none', wish(workload('Deployment', { replicas: 1 }), { pods: 1 }), 0],
    [
      'a Deployment as its strategy says',
      wish(
        workload('Deployment', { replicas: 10, strategy: { rollingUpdate: { maxUnavailable: '50%', maxSurge: 0 } } }),
      ),
      5,
    ],
    [
      'a Deployment that may neither surge nor miss',
      wish(workload('Deployment', { replicas: 4, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } } })),
      1,
    ],
    [
      'a Deployment that is made anew',
      wish(workload('Deployment', { replicas: 4, strategy: { type: 'Recreate' } })),
      4,
    ],
    ['a StatefulSet', wish(workload('StatefulSet', { replicas: 4 })), 1],
    [
      'a DaemonSet by the nodes it is on',
      wish(
        workload(
          'DaemonSet',
          { updateStrategy: { rollingUpdate: { maxUnavailable: '10%' } } },
          { desiredNumberScheduled: 30 },
        ),
      ),
      3,
    ],
    ['a DaemonSet that surges', wish(workload('DaemonSet', { updateStrategy: { rollingUpdate: { maxSurge: 1 } } })), 0],
    ['a paused Deployment', wish(workload('Deployment', { paused: true })), 'its rollout is paused'],
    [
      'a StatefulSet that waits for people',
      wish(workload('StatefulSet', { updateStrategy: { type: 'OnDelete' } })),
      'its updateStrategy is OnDelete: delete its pods one after the other',
    ],
    [
      'a StatefulSet that is held',
      wish(workload('StatefulSet', { updateStrategy: { rollingUpdate: { partition: 2 } } })),
      'its rollout stops at partition 2: set that to 0 first',
    ],
    ['a pod of nobody', wish(workload('Pod')), 'nobody makes this pod again: delete it and create it anew'],
    [
      'pods that would be refused',
      wish(workload('Deployment'), { isRefused: true }),
      "today's configuration refuses its pods: they would not come back",
    ],
    [
      'a workload that is not known',
      wish(workload('Other'), { kind: 'Deployment' }),
      'the workload itself is not known, and so not how many of its pods are restarted at once',
    ],
    [
      'a kind that is not known',
      wish(workload('CloneSet'), { kind: 'CloneSet' }),
      'nothing is known of how a CloneSet restarts its pods: restart it by its own means',
    ],
    ['a name for shells', wish(workload('Deployment'), { name: 'a; rm' }), 'its name is none of Kubernetes'],
  ])('makes unavailable, or says why there is none: %s', (_title, one, expected) => {
    expect(plan(one)).toBe(expected);
  });

  it('is left out where a budget allows less', () => {
    const one = wish(workload('StatefulSet', { replicas: 4 }), { budgets: new Map([[0, 4]]) });
    expect(plan(one, [{ namespace: 'shop', name: 'b', allowed: 0 }])).toBe(
      'its restart makes 1 pod unavailable, and PodDisruptionBudget shop/b allows 0 now',
    );
    expect(plan(one, [{ namespace: 'shop', name: 'b', allowed: 1 }])).toBe(1);
  });

  it('is a command, and one that waits', () => {
    expect(planRestarts([wish(workload('Deployment'))], [], 1).waves).toEqual([
      [
        {
          kind: 'Deployment',
          namespace: 'shop',
          name: 'web',
          unavailable: 1,
          command: 'kubectl rollout restart deployment/web -n shop',
          wait: 'kubectl rollout status deployment/web -n shop --timeout=15m',
        },
      ],
    ]);
  });
});

describe('waves', () => {
  const wishes = fc.array(
    fc.record({ replicas: fc.integer({ min: 1, max: 9 }), budgets: fc.uniqueArray(fc.nat(2)), recreate: fc.boolean() }),
    { maxLength: 12 },
  );

  it('never make more pods unavailable than budgets allow, and leave out only what they never allow', () => {
    fc.assert(
      fc.property(
        wishes,
        fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)),
        fc.integer({ min: 1, max: 4 }),
        (list, allowed, most) => {
          const budgets = allowed.map((amount, index) => ({
            namespace: 'shop',
            name: `b${String(index)}`,
            allowed: amount,
          }));
          const all = list.map(({ replicas, budgets: under, recreate }, index) => {
            const strategy = recreate ? { type: 'Recreate' } : {};
            const one = wish(workload('Deployment', { replicas, strategy }));
            return {
              ...one,
              name: `w${String(index)}`,
              pods: replicas,
              budgets: new Map(under.map((number) => [number, replicas])),
            };
          });
          const { waves, blocked } = planRestarts(all, budgets, most);
          for (const wave of waves) {
            expect(wave.length).toBeGreaterThan(0);
            expect(wave.length).toBeLessThanOrEqual(most);
            for (const [number, budget] of budgets.entries()) {
              const down = wave.filter(({ name }) => all.find((one) => one.name === name)?.budgets.has(number));
              expect(down.reduce((sum, { unavailable }) => sum + unavailable, 0)).toBeLessThanOrEqual(budget.allowed);
            }
          }
          const planned = waves.flat().map(({ name }) => name);
          expect([...planned, ...blocked.map(({ name }) => name)].sort()).toEqual(all.map(({ name }) => name).sort());
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('budgets', () => {
  const budget = (spec: JsonRecord, status: JsonRecord = {}): JsonRecord => ({
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    status,
  });
  const pod = (ready: boolean, app = 'web', namespace = 'shop') =>
    decodePod({
      metadata: { name: 'p', namespace, labels: { app } },
      spec: { containers: [] },
      status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
    });

  it.each<[JsonRecord, JsonRecord, number]>([
    [{ minAvailable: 2 }, {}, 1],
    [{ minAvailable: '50%' }, {}, 1],
    [{ maxUnavailable: 1 }, {}, 0],
    [{ maxUnavailable: '50%' }, {}, 1],
    [{ minAvailable: 9 }, {}, 0],
    [{ minAvailable: 0 }, { disruptionsAllowed: 2 }, 2],
  ])('of %j and status %j allow of 4 pods of which one is not ready', (spec, status, allowed) => {
    const budgets = new Budgets();
    budgets.add(budget(spec, status));
    budgets.add({ kind: 'Service' });
    for (const ready of [true, true, true, false]) expect(budgets.count(pod(ready))).toEqual([0]);
    expect(budgets.count(pod(true, 'other'))).toEqual([]);
    expect(budgets.count(pod(true, 'web', 'elsewhere'))).toEqual([]);
    expect(budgets.all).toEqual([{ namespace: 'shop', name: 'b', allowed }]);
  });

  it('that nobody can read protect nothing', () => {
    const budgets = new Budgets();
    budgets.add(budget({ selector: { matchExpressions: [{ key: 'a', operator: 'Odd' }] } }));
    expect(budgets.count(pod(true))).toEqual([]);
  });
});
