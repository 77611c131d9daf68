import { describe, expect, it } from 'vitest';
import { createInjector, injectPod, OverlayCache, webhookParameters } from '../../src/injection/index.ts';
import type { Overlay } from '../../src/injection/overlay-cache.ts';
import type { JsonRecord } from '../../src/yaml/index.ts';
import { deepFreeze, pod, podWithProxy } from './support.ts';

/** Hands out overlays that nobody can change. */
class FrozenCache extends OverlayCache {
  override get(text: string, decode: (text: string) => JsonRecord): Overlay {
    const overlay = super.get(text, decode);
    deepFreeze(overlay.shared.value);
    deepFreeze(overlay.alone);
    return overlay;
  }
}

const template = `
metadata: {labels: {a: b}, annotations: {c: d}}
spec:
  initContainers: [{name: istio-init, args: [-u, "1337"]}]
  containers: [{name: istio-proxy, args: [x], env: [{name: A}], securityContext: {runAsUser: 1}}]
`;

const indented = template.replace(/^(?=.)/gm, '    ');
const values = '{"global":{"network":"net"},"sidecarInjectorWebhook":{"rewriteAppHTTPProbe":true}}';
const probe = { httpGet: { port: 80 } };

describe('what requests share', () => {
  const { configuration } = createInjector({
    config: `policy: enabled\ntemplates:\n  sidecar: |\n${indented}`,
    values,
  });

  it.each([
    [
      'a plain pod',
      pod({ annotations: { 'prometheus.io/port': '1' } }, { containers: [{ name: 'app', livenessProbe: probe }] }),
    ],
    [
      'a pod with its own proxy',
      podWithProxy({}, { containers: [{ name: 'istio-proxy', securityContext: { runAsUser: 2 } }] }),
    ],
    [
      'a pod that was injected before',
      podWithProxy({
        annotations: { 'sidecar.istio.io/status': '{"containers":["istio-proxy"],"initContainers":["istio-init"]}' },
      }),
    ],
  ])('is never changed: %s', (_what, requested) => {
    const cache = new FrozenCache();
    const { parameters } = webhookParameters(configuration, requested, {});
    const inject = () => injectPod({ ...parameters, cache, context: {} }).pod;
    expect(inject()).toEqual(inject());
  });

  it('is copied for templates that change maps', () => {
    const changing =
      '{{ $_ := set .Values.global "hub" (printf "%s!" .Values.global.hub) }}metadata: {labels: {hub: "{{ .Values.global.hub }}"}}';
    const injector = createInjector({
      config: `policy: enabled\ntemplates:\n  sidecar: |\n    ${changing}`,
      values: 'global: {hub: h}',
    });
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: { uid: 'u', namespace: 'a', object: pod() },
    };
    const first = injector.inject(review);
    expect(Buffer.from(first.review.response.patch ?? '', 'base64').toString()).toContain('"h!"');
    expect(injector.inject(review)).toEqual(first);
  });
});
