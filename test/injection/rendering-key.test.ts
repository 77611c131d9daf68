import { describe, expect, it } from 'vitest';
import { createInjector, injectPod, OverlayCache, webhookParameters } from '../../src/injection/index.ts';
import type { RenderedTemplate } from '../../src/injection/overlay-cache.ts';
import type { Pod } from '../../src/kubernetes/index.ts';
import type { TextKey } from '../../src/memo/index.ts';
import { pod } from './support.ts';

/** Counts what is answered from memory. */
class CountingCache extends OverlayCache {
  hits = 0;
  override rendering(key: TextKey): readonly RenderedTemplate[] | undefined {
    const known = super.rendering(key);
    if (known !== undefined) this.hits++;
    return known;
  }
}

/** Injects pods one after the other with one cache: the names of the labels, and how many came from memory. */
function inject(template: string, pods: readonly Pod[], values = '{}'): { labels: unknown[]; hits: number } {
  const { configuration } = createInjector({
    config: `policy: enabled\ntemplates:\n  sidecar: |\n${template.replace(/^(?=.)/gm, '    ')}`,
    values,
  });
  const cache = new CountingCache();
  const labels = pods.map((requested) => {
    const { parameters } = webhookParameters(configuration, requested, {});
    return injectPod({ ...parameters, cache, context: { env: { A: 'a' } } }).pod.metadata.labels?.['out'];
  });
  return { labels, hits: cache.hits };
}

const label = (text: string): string => `metadata: {labels: {out: ${text}}}`;
const labelled = (app: string, more: object = {}): Pod => pod({ labels: { app }, ...more });

describe('renderings', () => {
  const byApp = label('"{{ .ObjectMeta.Labels.app }}"');

  it('are remembered by what the template reads', () => {
    expect(inject(byApp, [labelled('a'), labelled('b'), labelled('a')])).toEqual({ labels: ['a', 'b', 'a'], hits: 1 });
  });

  it.each([
    ['names', labelled('a', { name: 'one' }), labelled('a', { name: 'two' })],
    ['other labels', labelled('a'), pod({ labels: { app: 'a', x: 'y' } })],
    [
      'names of the service account volume',
      pod({ labels: { app: 'a' } }, { volumes: [{ name: 'kube-api-access-x7k2p' }] }),
      pod({ labels: { app: 'a' } }, { volumes: [{ name: 'kube-api-access-9zz2p' }] }),
    ],
  ])('are shared by pods with different %s', (_what, one, other) => {
    const labels = ['a', 'a'];
    // The deployment's name is part of the key, so these pods need to come from one.
    const owned = [one, other].map((item) => ({
      ...item,
      metadata: {
        ...item.metadata,
        name: '',
        generateName: 'web-',
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web', controller: true }],
      },
    })) as unknown as Pod[];
    expect(inject(byApp, owned)).toEqual({ labels, hits: 1 });
  });

  it('tell absent labels from empty ones', () => {
    const template = label(
      '"{{ if hasKey (dict "l" .ObjectMeta.Labels) "l" }}{{ isset .ObjectMeta.Labels "app" }}{{ end }}"',
    );
    expect(inject(template, [labelled(''), pod(), labelled('')]).labels).toEqual(['true', 'false', 'true']);
  });

  it('keep what earlier templates changed in the values within one request', () => {
    const template = `{{ $_ := set .Values "n" (printf "%s%s" .Values.n .ObjectMeta.Labels.app) }}${label('"{{ .Values.n }}"')}`;
    const pods = [labelled('a'), labelled('a'), labelled('b'), labelled('a')];
    expect(inject(template, pods, '{"n":"v"}')).toEqual({ labels: ['va', 'va', 'vb', 'va'], hits: 2 });
  });

  it.each([
    ['depends on the environment', label('{{ env "A" "" }}')],
    ['reads the whole specification', `{{ $x := toJson .Spec }}${label('a')}`],
    ['reads the whole data', `{{ $x := print . }}${label('a')}`],
    ['may change maps of the pod', `{{ $x := mergeOverwrite (dict "l" .ObjectMeta.Labels) (dict) }}${label('a')}`],
  ])('are not remembered of a template that %s', (_what, template) => {
    expect(inject(template, [labelled('a'), labelled('a')])).toEqual({ labels: ['a', 'a'], hits: 0 });
  });

  it('are not remembered of a template that fails', () => {
    const template = `{{ if eq .ObjectMeta.Labels.app "bad" }}{{ fail "no" }}{{ end }}${byApp}`;
    const run = (): unknown => inject(template, [labelled('a'), labelled('bad')]);
    expect(run).toThrow('error calling fail: no');
    expect(inject(template, [labelled('a'), labelled('b'), labelled('a')]).hits).toBe(1);
  });

  it('are known by the text of what is read, whatever is in it', () => {
    const apps = ['a', 'a"', '1"a', 'a{}', '"', '-', 'é', '\u2028'];
    const { labels } = inject(
      label('{{ .ObjectMeta.Labels.app | toJson }}'),
      [...apps, ...apps].map((app) => labelled(app)),
    );
    expect(labels).toEqual([...apps, ...apps]);
  });
});
