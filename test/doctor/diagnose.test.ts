import { describe, expect, it } from 'vitest';
import {
  diagnose,
  finding,
  findingKinds,
  hasProblems,
  type Facts,
  type ServedFacts,
  type WebhookConfiguration,
} from '../../src/doctor/index.ts';
import { caBundle, configuration, entry, facts } from './support.ts';

const good = await caBundle('2030-01-01T00:00:00Z');
const expiring = await caBundle('2026-06-10T00:00:00Z');

/** Facts with one configuration of ours whose entry is changed. */
const withEntry = (change: Parameters<typeof entry>[0], more: Partial<Facts> = {}): Facts =>
  facts({ configurations: [configuration({ webhooks: [entry({ caBundle: good, ...change })] })], ...more });
const ids = (given: Facts): string[] => diagnose(given).map(({ id }) => id);
const service = { namespace: 'istio-system', name: 'outrigger', port: 443 };
const served = (change: Partial<ServedFacts>): Partial<Facts> => ({
  served: [{ service, caBundle: good, notAfter: new Date('2026-08-01T00:00:00Z'), ...change }],
});
const selector = (key: string, ...values: string[]) => ({ matchExpressions: [{ key, operator: 'In', values }] });
const canary: WebhookConfiguration = configuration({
  name: 'istio-sidecar-injector-canary',
  labels: { 'istio.io/rev': 'canary' },
  webhooks: [
    entry({
      name: 'rev.namespace.sidecar-injector.istio.io',
      service: { namespace: 'istio-system', name: 'istiod-canary', port: 443 },
      namespaceSelector: selector('istio.io/rev', 'canary'),
    }),
  ],
});
const ours = configuration({ webhooks: [entry({ caBundle: good })] });
const services = [
  { namespace: 'istio-system', name: 'outrigger', exists: true, readyEndpoints: 3 },
  { namespace: 'istio-system', name: 'istiod-canary', exists: true, readyEndpoints: 1 },
];
const namespaces = (labels: Record<string, string>): Pick<Facts, 'namespaces'> => ({
  namespaces: [
    { name: 'shop', labels: { 'istio-injection': 'enabled' } },
    { name: 'beta', labels },
  ],
});

describe('a sound installation', () => {
  it('gives no finding', () => {
    expect(diagnose(withEntry({}, served({})))).toEqual([]);
  });
});

describe.each<[string, Facts, string[]]>([
  ['no configuration', facts({ configurations: [] }), ['NO_CONFIGURATION', 'REVISION_WITHOUT_INJECTOR']],
  ['a service that is missing', withEntry({}, { services: [{ ...service, exists: false }] }), ['SERVICE_MISSING']],
  [
    'no ready endpoint',
    withEntry({}, { services: [{ ...service, exists: true, readyEndpoints: 0 }] }),
    ['NO_ENDPOINTS'],
  ],
  [
    'a single endpoint',
    withEntry({}, { services: [{ ...service, exists: true, readyEndpoints: 1 }] }),
    ['FEW_ENDPOINTS'],
  ],
  ['endpoints that cannot be counted', withEntry({}, { services: [{ ...service, exists: true }] }), []],
  ['no caBundle', withEntry({ caBundle: '' }), ['CA_BUNDLE_MISSING']],
  ['a caBundle that is no certificate', withEntry({ caBundle: 'bm9uZQ==' }), ['CA_BUNDLE_INVALID']],
  ['a CA that expires', withEntry({ caBundle: expiring }), ['CA_EXPIRES']],
  [
    'a CA that expires beside its successor',
    withEntry({
      caBundle: Buffer.concat([expiring, good].map((one) => Buffer.from(one, 'base64'))).toString('base64'),
    }),
    [],
  ],
  [
    'a certificate that is not trusted',
    withEntry({}, served({ distrust: 'SELF_SIGNED' })),
    ['CERTIFICATE_NOT_TRUSTED'],
  ],
  ['an expired certificate', withEntry({}, served({ notAfter: new Date('2026-05-01') })), ['CERTIFICATE_EXPIRED']],
  ['a certificate that expires', withEntry({}, served({ notAfter: new Date('2026-06-02') })), ['CERTIFICATE_EXPIRES']],
  ['a service out of reach', withEntry({}, served({ unreachable: 'refused' })), ['NOT_REACHABLE']],
  ['failurePolicy Ignore of injection', withEntry({ failurePolicy: 'Ignore' }), ['INJECTION_MAY_BE_SKIPPED']],
  ['a long timeout', withEntry({ timeoutSeconds: 30 }), ['TIMEOUT_LONG']],
  [
    'a webhook for kube-system and itself',
    withEntry({ namespaceSelector: {}, conditions: [] }),
    ['FAIL_IN_SYSTEM_NAMESPACE', 'FAIL_IN_SYSTEM_NAMESPACE'],
  ],
  ['the same with conditions', withEntry({ namespaceSelector: {} }), []],
  [
    'a deactivated configuration',
    withEntry({ namespaceSelector: { matchLabels: { 'istio.io/deactivated': 'never-match' } } }),
    ['REVISION_WITHOUT_INJECTOR', 'DEACTIVATED'],
  ],
  [
    'two configurations for the same pods',
    facts({
      configurations: [ours, configuration({ name: 'other', labels: {}, webhooks: [entry({ caBundle: good })] })],
    }),
    ['OVERLAP'],
  ],
  [
    'a configuration that selects nothing',
    facts({ configurations: [ours, canary], services }),
    ['FEW_ENDPOINTS', 'MATCHES_NOTHING'],
  ],
  [
    'a revision with an injector',
    facts({ configurations: [ours, canary], ...namespaces({ 'istio.io/rev': 'canary' }) }),
    [],
  ],
  [
    'a revision without injector',
    facts({ configurations: [ours], ...namespaces({ 'istio.io/rev': 'canary' }) }),
    ['REVISION_WITHOUT_INJECTOR'],
  ],
  ['a namespace that refuses', facts({ configurations: [ours], ...namespaces({ 'istio-injection': 'disabled' }) }), []],
  [
    'two labels on a namespace',
    facts({ configurations: [ours], ...namespaces({ 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }) }),
    ['LABELS_IN_CONFLICT'],
  ],
  [
    'a revision with two control planes',
    facts({
      configurations: [ours, { ...canary, labels: { 'istio.io/rev': 'default' } }],
      ...namespaces({ 'istio.io/rev': 'canary' }),
    }),
    ['REVISION_SHARED'],
  ],
  [
    'validation that could be strict',
    facts({
      configurations: [
        ours,
        configuration({
          kind: 'ValidatingWebhookConfiguration',
          webhooks: [entry({ name: 'rev.validation.istio.io', failurePolicy: 'Ignore', caBundle: good })],
        }),
      ],
      ...served({}),
    }),
    ['VALIDATION_MAY_BE_SKIPPED'],
  ],
  [
    'a permission that is missing',
    withEntry(
      {},
      { permissions: { subject: 'x', missing: [{ group: '', resource: 'secrets', verb: 'create', namespace: 'a' }] } },
    ),
    ['PERMISSION_MISSING'],
  ],
  [
    'a webhook that only warns',
    facts({
      configurations: [
        ours,
        configuration({
          kind: 'ValidatingWebhookConfiguration',
          name: 'outrigger-workloads',
          webhooks: [entry({ name: 'workloads.sidecar-injector.istio.io', failurePolicy: 'Ignore', caBundle: good })],
        }),
      ],
    }),
    [],
  ],
  ['a selector that Kubernetes refuses', withEntry({ objectSelector: selector('a b') }), ['REVISION_WITHOUT_INJECTOR']],
])('%s', (_what, given, expected) => {
  it(`gives ${expected.join(' and ') || 'nothing'}`, () => {
    expect(ids(given)).toEqual(expected);
  });

  it('leaves no placeholder in a text', () => {
    for (const { message, remedy } of diagnose(given)) expect(`${message} ${remedy}`).not.toMatch(/\{\w+\}/);
  });
});

describe('findings', () => {
  it('come with the worst first', () => {
    const levels = diagnose(
      withEntry({ failurePolicy: 'Ignore' }, { ...served({ unreachable: 'refused' }), services: [] }),
    );
    expect(levels.map(({ level }) => level)).toEqual(['warning', 'info']);
  });

  it('are problems unless they are said for information', () => {
    expect(hasProblems([finding('MATCHES_NOTHING', 'x')])).toBe(false);
    expect(hasProblems([finding('OVERLAP', 'x')])).toBe(true);
  });

  it('take details as they are, also hostile ones', () => {
    const details = { service: '{constructor}$&', namespace: 'x' };
    expect(finding('NO_ENDPOINTS', 'x', details).message).toBe('The service {constructor}$& has no ready endpoint.');
  });

  it.each(Object.entries(findingKinds))('%s is a sentence with a remedy', (_id, { sentence, remedy }) => {
    expect(sentence).toMatch(/\.$/);
    expect(remedy.length).toBeGreaterThan(10);
  });
});
