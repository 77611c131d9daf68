import { describe, expect, it } from 'vitest';
import { at, baseObjects, listAt, type ManifestObject } from './support.ts';

const objects = baseObjects();
function only(kind: string): ManifestObject {
  const found = objects.filter((object) => object.kind === kind);
  const [object] = found;
  if (object === undefined || found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return object;
}
const deployment = only('Deployment');
const container = at(deployment, 'spec', 'template', 'spec', 'containers', 0);

describe('the kustomize base', () => {
  it('has everything that a working injector needs', () => {
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'Deployment',
      'HorizontalPodAutoscaler',
      'MutatingWebhookConfiguration',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Role',
      'RoleBinding',
      'Service',
      'ServiceAccount',
      'ValidatingWebhookConfiguration',
    ]);
  });

  it('labels every object, so that all of a release can be found', () => {
    for (const { metadata } of objects) {
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'outrigger', 'istio.io/rev': 'default' });
    }
  });

  it('runs three replicas, spread over nodes and zones', () => {
    expect(at(deployment, 'spec', 'replicas')).toBe(3);
    const spread = listAt(deployment, 'spec', 'template', 'spec', 'topologySpreadConstraints');
    expect(spread.map((constraint) => at(constraint, 'topologyKey'))).toEqual([
      'kubernetes.io/hostname',
      'topology.kubernetes.io/zone',
    ]);
    expect(at(only('HorizontalPodAutoscaler'), 'spec', 'minReplicas')).toBe(3);
    expect(at(only('PodDisruptionBudget'), 'spec', 'maxUnavailable')).toBe(1);
  });

  it('meets the restricted pod security standard', () => {
    expect(at(deployment, 'spec', 'template', 'spec', 'securityContext')).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(container, 'securityContext')).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('writes only where the container has a volume', () => {
    const [mount] = listAt(container, 'volumeMounts');
    const [flag] = listAt(container, 'args').filter((arg) => String(arg).startsWith('--last-good-file='));
    expect(String(flag)).toMatch(new RegExp(`=${String(at(mount, 'mountPath'))}/`));
    expect(listAt(deployment, 'spec', 'template', 'spec', 'volumes')).toMatchObject([{ emptyDir: {} }]);
  });

  it('is never injected itself', () => {
    expect(at(deployment, 'spec', 'template', 'metadata', 'labels', 'sidecar.istio.io/inject')).toBe('false');
  });

  it('asks the monitoring port for its health', () => {
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(at(container, probe, 'httpGet', 'port')).toBe('http-monitoring');
    }
    expect(listAt(container, 'ports').map((port) => at(port, 'containerPort'))).toEqual([15017, 15014]);
  });

  it('leaves time to drain after the endpoint is gone', () => {
    const wait = Number(at(container, 'lifecycle', 'preStop', 'sleep', 'seconds'));
    const grace = Number(at(deployment, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds'));
    // `drainTimeout` of src/server/limits.ts
    expect(grace).toBeGreaterThan(wait + 10);
  });

  it('leads from port 443 of the service to the webhook', () => {
    expect(listAt(only('Service'), 'spec', 'ports')[0]).toMatchObject({ port: 443, targetPort: 'https-webhook' });
    expect(at(only('Service'), 'spec', 'selector')).toEqual(at(deployment, 'spec', 'selector', 'matchLabels'));
  });
});

describe('the permissions', () => {
  const rules = [...listAt(only('Role'), 'rules'), ...listAt(only('ClusterRole'), 'rules')] as {
    apiGroups: string[];
    resources: string[];
    resourceNames?: string[];
    verbs: string[];
  }[];

  it('have no wildcards', () => {
    for (const { apiGroups, resources, verbs } of rules) expect([...apiGroups, ...resources, ...verbs]).not.toContain('*');
  });

  it('write only objects that are named, and create what cannot be named', () => {
    const writes = rules.filter(({ verbs }) => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)));
    expect(writes.filter(({ verbs, resourceNames }) => resourceNames === undefined && verbs.join() !== 'create')).toEqual([]);
    expect(writes.flatMap(({ resources }) => resources)).not.toContain('pods');
  });

  it('read secrets by name alone', () => {
    const secrets = rules.filter(({ resources, verbs }) => resources.includes('secrets') && verbs.includes('list'));
    expect(secrets.map(({ resourceNames }) => resourceNames)).toEqual([['outrigger-certificates']]);
  });
});

describe('the webhook configurations', () => {
  const mutating = listAt(only('MutatingWebhookConfiguration'), 'webhooks');
  const validating = listAt(only('ValidatingWebhookConfiguration'), 'webhooks');

  it('have the entries of the unnamed revision', () => {
    expect(mutating.map((entry) => at(entry, 'name'))).toEqual([
      'rev.namespace.sidecar-injector.istio.io',
      'rev.object.sidecar-injector.istio.io',
      'namespace.sidecar-injector.istio.io',
      'object.sidecar-injector.istio.io',
    ]);
    expect(validating.map((entry) => at(entry, 'name'))).toEqual(['rev.validation.istio.io', 'validation.istio.io']);
  });

  it('leave the caBundle to the running webhook', () => {
    for (const entry of [...mutating, ...validating]) expect(at(entry, 'clientConfig')).not.toHaveProperty('caBundle');
  });

  it('say every field that the API server would otherwise fill in', () => {
    for (const entry of [...mutating, ...validating]) {
      expect(entry).toMatchObject({ matchPolicy: 'Equivalent', sideEffects: 'None', admissionReviewVersions: ['v1'] });
      expect(at(entry, 'timeoutSeconds')).toBe(10);
    }
  });

  it('cannot keep the system or Outrigger itself from starting', () => {
    for (const entry of mutating) {
      const conditions = listAt(entry, 'matchConditions').map((condition) => at(condition, 'expression'));
      expect(conditions.join()).toContain("'kube-system'");
      expect(conditions).toContain("request.namespace != 'istio-system'");
    }
    expect(new Set(validating.map((entry) => at(entry, 'failurePolicy')))).toEqual(new Set(['Ignore']));
  });
});
