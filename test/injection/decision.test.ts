import { describe, expect, it } from 'vitest';
import { decodeInjectionConfig } from '../../src/configuration/index.ts';
import { decide, reasons } from '../../src/injection/index.ts';
import { pod } from './support.ts';

const policyOf = (text: string) => decodeInjectionConfig({ file: 'config', text });
const enabled = policyOf('policy: enabled');
const disabled = policyOf('policy: disabled');
const selectors = `
neverInjectSelector: [{matchLabels: {never: "yes"}}, {}]
alwaysInjectSelector: [{matchExpressions: [{key: always, operator: Exists}]}]
`;

describe('the decision', () => {
  it.each([
    ['a plain pod under an enabling policy', {}, {}, enabled, 'policy-enabled'],
    ['a plain pod under a disabling policy', {}, {}, disabled, 'policy-disabled'],
    [
      'the host network',
      { labels: { 'sidecar.istio.io/inject': 'true' } },
      { hostNetwork: true },
      enabled,
      'host-network',
    ],
    ['a system namespace', { namespace: 'kube-public' }, {}, enabled, 'ignored-namespace'],
    ['istio-system, which is no system namespace', { namespace: 'istio-system' }, {}, enabled, 'policy-enabled'],
    ['a wish by label', { labels: { 'sidecar.istio.io/inject': 'true' } }, {}, disabled, 'wanted-by-label'],
    ['a refusal by label', { labels: { 'sidecar.istio.io/inject': 'false' } }, {}, enabled, 'refused-by-label'],
    [
      'a wish by annotation',
      { annotations: { 'sidecar.istio.io/inject': 'true' } },
      {},
      disabled,
      'wanted-by-annotation',
    ],
    [
      'a refusal by annotation',
      { annotations: { 'sidecar.istio.io/inject': 'false' } },
      {},
      enabled,
      'refused-by-annotation',
    ],
    [
      'an empty label, which hides the annotation',
      { labels: { 'sidecar.istio.io/inject': '' }, annotations: { 'sidecar.istio.io/inject': 'false' } },
      {},
      enabled,
      'policy-enabled',
    ],
    [
      'a label that is not understood',
      { labels: { 'sidecar.istio.io/inject': 'True' } },
      {},
      disabled,
      'policy-disabled',
    ],
    [
      'a never selector',
      { labels: { never: 'yes', always: '' } },
      {},
      policyOf(`policy: enabled${selectors}`),
      'never-inject-selector',
    ],
    [
      'an always selector',
      { labels: { always: '' } },
      {},
      policyOf(`policy: disabled${selectors}`),
      'always-inject-selector',
    ],
    [
      'a wish, which beats the selectors',
      { labels: { never: 'yes', 'sidecar.istio.io/inject': 'true' } },
      {},
      policyOf(`policy: enabled${selectors}`),
      'wanted-by-label',
    ],
    [
      'a policy that does not exist',
      { labels: { 'sidecar.istio.io/inject': 'true' } },
      {},
      policyOf('policy: Enabled'),
      'policy-invalid',
    ],
    ['no policy', {}, {}, policyOf(''), 'policy-invalid'],
  ] as const)('is right for %s', (_what, metadata, spec, policy, reason) => {
    const decision = decide(pod(metadata, spec), policy);
    expect(decision.reason).toBe(reason);
    expect(decision.inject).toBe(reasons[reason].outcome === 'injected');
  });

  it('tells which selector matched', () => {
    expect(decide(pod({ labels: { never: 'yes' } }), policyOf(`policy: enabled${selectors}`)).detail).toBe(
      '{"matchLabels":{"never":"yes"}}',
    );
  });

  it('warns about what it did not understand', () => {
    const policy = policyOf('policy: maybe\nneverInjectSelector: [{matchExpressions: [{key: a, operator: Near}]}]');
    const { warnings } = decide(pod({ labels: { 'sidecar.istio.io/inject': 'yes' } }), policy);
    expect(warnings).toEqual([
      expect.stringContaining('Invalid value for sidecar.istio.io/inject: "yes"'),
      expect.stringContaining('Invalid selector for NeverInjectSelector'),
      expect.stringContaining('Illegal value for autoInject:maybe'),
    ]);
  });

  it('reads no inherited keys', () => {
    const labels = JSON.parse('{"__proto__":"x","constructor":"y"}') as object;
    expect(
      decide(
        pod({ labels }),
        policyOf('policy: enabled\nneverInjectSelector: [{matchExpressions: [{key: toString, operator: Exists}]}]'),
      ).reason,
    ).toBe('policy-enabled');
  });
});

describe('the registry of outcomes', () => {
  it.each(Object.entries(reasons))('says for %s what decided, in a sentence', (id, { rule, sentence }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(rule).not.toBe('');
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
