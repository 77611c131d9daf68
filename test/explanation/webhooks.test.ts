import { describe, expect, it } from 'vitest';
import { completeNamespaceLabels, defaultWebhooks, matchingWebhooks } from '../../src/explanation/index.ts';

const inject = (value: string): Record<string, string> => ({ 'sidecar.istio.io/inject': value });
const revision = (value: string): Record<string, string> => ({ 'istio.io/rev': value });
const pods = [{}, inject('true'), inject('false'), inject(''), revision('other'), revision('default')];
const injection = (value: string): Record<string, string> => ({ 'istio-injection': value });

const none = ['-', '-', '-', '-', '-', '-'];
const byNamespace = ['namespace', 'namespace', '-', 'namespace', 'namespace', 'namespace'];
const byRevision = ['rev.namespace', 'rev.namespace', '-', 'rev.namespace', 'rev.namespace', 'rev.namespace'];

/** The matrix of injection-behaviour: labels of the namespace, and the entry that sends each of `pods`. */
const matrix: [string, Record<string, string>, string[]][] = [
  ['none', {}, ['-', 'object', '-', '-', '-', 'rev.object']],
  ['enabled', injection('enabled'), byNamespace],
  ['disabled', injection('disabled'), none],
  ['any other value', injection('yes'), none],
  ['the revision', revision('default'), byRevision],
  ['another revision', revision('other'), none],
  ['enabled and another revision', { ...injection('enabled'), ...revision('other') }, byNamespace],
  ['disabled and the revision', { ...injection('disabled'), ...revision('default') }, none],
];

const senders = (
  webhooks: ReturnType<typeof defaultWebhooks>,
  name: string,
  namespace: Record<string, string>,
): string[] =>
  pods.map((pod) => {
    const matching = matchingWebhooks(webhooks, completeNamespaceLabels(name, namespace), pod);
    return matching.map((entry) => entry.name.replace('.sidecar-injector.istio.io', '')).join() || '-';
  });

describe("the webhook entries of Istio's chart", () => {
  it.each(matrix)('of the default revision: namespace with labels %s', (_what, namespace, expected) => {
    expect(senders(defaultWebhooks('default'), 'shop', namespace)).toEqual(expected);
    expect(senders(defaultWebhooks(''), 'shop', namespace)).toEqual(expected);
  });

  it('send pods of all unlabelled namespaces but the system ones where the values say so', () => {
    const webhooks = defaultWebhooks('', true);
    expect(senders(webhooks, 'shop', {})).toEqual(['auto', 'object', '-', '-', '-', 'rev.object']);
    expect(senders(webhooks, 'kube-system', {})).toEqual(['-', 'object', '-', '-', '-', 'rev.object']);
  });

  it('of another revision look at its label only', () => {
    const webhooks = defaultWebhooks('canary');
    expect(webhooks.map(({ configuration }) => configuration)).toEqual(Array(2).fill('istio-sidecar-injector-canary'));
    expect(senders(webhooks, 'shop', revision('canary'))).toEqual(byRevision);
    expect(senders(webhooks, 'shop', injection('enabled'))).toEqual(none);
    expect(matchingWebhooks(webhooks, {}, revision('canary')).map(({ name }) => name)).toEqual([
      'rev.object.sidecar-injector.istio.io',
    ]);
  });
});

describe('the label that Kubernetes gives each namespace', () => {
  it('is there, and cannot hide one named __proto__', () => {
    const labels = completeNamespaceLabels('shop', JSON.parse('{"__proto__":"x"}') as Record<string, string>);
    expect(Object.entries(labels)).toEqual([
      ['kubernetes.io/metadata.name', 'shop'],
      ['__proto__', 'x'],
    ]);
  });
});
