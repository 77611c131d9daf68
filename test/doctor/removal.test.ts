import { describe, expect, it } from 'vitest';
import { planRemoval, type RemovalFacts } from '../../src/doctor/index.ts';
import { configuration, entry, facts } from './support.ts';

const given = (change: Partial<RemovalFacts> = {}): RemovalFacts => ({
  installation: facts().installation,
  configurations: [configuration()],
  namespaces: facts().namespaces,
  pods: [
    { namespace: 'shop', revision: 'default' },
    { namespace: 'shop', revision: 'default' },
    { namespace: 'shop', revision: 'canary' },
  ],
  objects: [
    { kind: 'clusterrole', name: 'outrigger' },
    { kind: 'deployment', name: 'outrigger', namespace: 'istio-system' },
  ],
  ...change,
});

describe('the plan of a removal', () => {
  it('takes the webhook configurations away before the server, and the permissions last', () => {
    expect(planRemoval(given()).steps.map(({ commands }) => commands)).toEqual([
      ['kubectl delete mutatingwebhookconfiguration outrigger-sidecar-injector'],
      ['kubectl delete deployment outrigger --namespace istio-system'],
      ['kubectl delete clusterrole outrigger'],
    ]);
  });

  it('leaves the configurations of others alone', () => {
    const service = { namespace: 'istio-system', name: 'istiod', port: 443 };
    const others = configuration({ name: 'istio-sidecar-injector', webhooks: [entry({ service })] });
    const { steps, dependents } = planRemoval(given({ configurations: [configuration(), others] }));
    expect(steps[0]?.commands).toEqual(['kubectl delete mutatingwebhookconfiguration outrigger-sidecar-injector']);
    expect(dependents[0]?.message).toContain('injected by another configuration as well');
  });

  it('names the namespaces, tags and pods that depend on it', () => {
    const tag = configuration({ name: 'tag', labels: { 'istio.io/rev': 'default', 'istio.io/tag': 'prod' } });
    const { dependents } = planRemoval(given({ configurations: [configuration(), tag] }));
    expect(dependents).toEqual([
      { object: 'Namespace/shop', message: 'has its pods injected here: new ones will have no sidecar' },
      { object: 'MutatingWebhookConfiguration/tag', message: 'makes the revision tag prod lead here' },
      {
        object: 'Namespace/shop',
        message: 'has 2 running pods with a sidecar of this revision: they keep it until they are made anew',
      },
    ]);
  });

  it('is empty where there is nothing', () => {
    expect(planRemoval(given({ configurations: [], objects: [], pods: [] }))).toEqual({ dependents: [], steps: [] });
  });
});
