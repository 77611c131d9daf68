import { describe, expect, it } from 'vitest';
import { neededPermissions } from '../../src/doctor/index.ts';
import { baseObjects, listAt } from './support.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

describe('the roles of the manifests', () => {
  it('grant what the doctor checks, and nothing else', () => {
    const granted = baseObjects()
      .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
      .flatMap(({ kind, rules }) =>
        listAt(rules as object).flatMap((rule) => {
          const { apiGroups, resources, resourceNames, verbs } = rule as Rule;
          const place = kind === 'Role' ? 'istio-system' : '';
          return apiGroups.flatMap((group) =>
            resources.flatMap((resource) =>
              (resourceNames ?? ['']).flatMap((name) => verbs.map((verb) => [group, resource, name, verb, place].join(' '))),
            ),
          );
        }),
      );
    const needed = neededPermissions(
      { namespace: 'istio-system', revision: 'default', serviceName: 'outrigger' },
      {
        nodes: true,
        selfSigned: true,
        secret: 'outrigger-certificates',
        mutating: ['outrigger-sidecar-injector'],
        validating: ['outrigger-validator'],
      },
    ).map(({ group, resource, name = '', verb, namespace = '' }) => [group, resource, name, verb, namespace].join(' '));
    expect(granted.sort()).toEqual(needed.sort());
  });
});
