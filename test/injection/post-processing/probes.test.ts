import { describe, expect, it } from 'vitest';
import { rewriteProbes } from '../../../src/injection/post-processing/probes.ts';
import type { Pod } from '../../../src/kubernetes/index.ts';
import { pod, podWithProxy } from '../support.ts';

const settings = { rewrite: true, meshStatusPort: 15020 };
const rewritten = (made: Pod, warnings: string[] = []): Pod => rewriteProbes(made, settings, warnings);
const app = (made: Pod) => made.spec.containers?.[0];
const probers = (made: Pod): string | undefined =>
  made.spec.containers?.at(-1)?.env?.find(({ name }) => name === 'ISTIO_KUBE_APP_PROBERS')?.value;
const withApp = (container: object, metadata: object = {}) =>
  podWithProxy(metadata, { containers: [{ name: 'app', ...container }, { name: 'istio-proxy' }] });
const http = (port: unknown, rest: object = {}) => ({ httpGet: { path: '/x', port, ...rest } });

describe('the rewrite of probes', () => {
  it('sends a probe to the agent and tells the agent what it asked', () => {
    const made = rewritten(withApp({ livenessProbe: { ...http(80), timeoutSeconds: 3, periodSeconds: 7 } }));
    expect(app(made)?.livenessProbe).toEqual({
      httpGet: { path: '/app-health/app/livez', port: 15020 },
      timeoutSeconds: 3,
      periodSeconds: 7,
    });
    expect(probers(made)).toBe('{"/app-health/app/livez":{"httpGet":{"path":"/x","port":80},"timeoutSeconds":3}}');
  });

  it('knows every kind of probe and handler, in the order of their paths', () => {
    const made = rewritten(
      withApp({
        readinessProbe: { tcpSocket: { port: 81, host: 'h' } },
        livenessProbe: { grpc: { port: 82 } },
        startupProbe: { grpc: { port: 83, service: 's' } },
        lifecycle: { preStop: http(84), postStart: { tcpSocket: { port: 85 } } },
      }),
    );
    expect(probers(made)).toBe(
      '{"/app-health/app/livez":{"grpc":{"port":82,"service":null}},' +
        '"/app-health/app/readyz":{"tcpSocket":{"port":81,"host":"h"}},' +
        '"/app-health/app/startupz":{"grpc":{"port":83,"service":"s"}},' +
        '"/app-lifecycle/app/poststartz":{"tcpSocket":{"port":85}},' +
        '"/app-lifecycle/app/prestopz":{"httpGet":{"path":"/x","port":84}}}',
    );
    expect(app(made)?.readinessProbe).toEqual({ httpGet: { path: '/app-health/app/readyz', port: 15020 } });
    expect(app(made)?.livenessProbe).toEqual({ httpGet: { path: '/app-health/app/livez', port: 15020 } });
    expect(app(made)?.lifecycle).toEqual({
      preStop: { httpGet: { path: '/app-lifecycle/app/prestopz', port: 15020 } },
      postStart: { httpGet: { path: '/app-lifecycle/app/poststartz', port: 15020 } },
    });
  });

  // A template may add a handler to a probe that has one; Istio asks for HTTP, TCP and gRPC in this order and stops at the first.
  it.each([
    [{ ...http(80), tcpSocket: { port: 81 }, grpc: { port: 82 } }, '{"httpGet":{"path":"/x","port":80}}'],
    [
      { tcpSocket: { port: 81 }, grpc: { port: 82 }, timeoutSeconds: 4 },
      '{"tcpSocket":{"port":81},"timeoutSeconds":4}',
    ],
  ])('tells the agent of the first handler of a probe with several: %j', (livenessProbe, entry) => {
    expect(probers(rewritten(withApp({ livenessProbe })))).toBe(`{"/app-health/app/livez":${entry}}`);
  });

  it('leaves commands alone', () => {
    const container = {
      livenessProbe: { exec: { command: ['a'] } },
      lifecycle: { preStop: { exec: { command: ['b'] } } },
    };
    const made = rewritten(withApp(container));
    expect(app(made)).toMatchObject(container);
    expect(probers(made)).toBeUndefined();
  });

  it('writes the text as Go does', () => {
    const headers = { scheme: 'HTTPS', host: 'h', httpHeaders: [{ name: 'a', value: '' }] };
    const made = rewritten(withApp({ livenessProbe: { httpGet: { path: '/a?b=1&c=<2>', port: 1, ...headers } } }));
    expect(probers(made)).toBe(
      '{"/app-health/app/livez":{"httpGet":{"path":"/a?b=1\\u0026c=\\u003c2\\u003e","port":1,"host":"h","scheme":"HTTPS","httpHeaders":[{"name":"a","value":""}]}}}',
    );
    expect(app(made)?.livenessProbe?.httpGet).toEqual({
      path: '/app-health/app/livez',
      port: 15020,
      ...headers,
      scheme: 'HTTP',
    });
  });

  it.each([
    ['a port name', { ports: [{ name: 'http', containerPort: 8080 }], livenessProbe: http('http') }, 8080],
    [
      'the last of two ports of a name',
      {
        ports: [
          { name: 'p', containerPort: 1 },
          { name: 'p', containerPort: 2 },
        ],
        livenessProbe: http('p'),
      },
      2,
    ],
    ['an unknown port name', { livenessProbe: http('nope') }, undefined],
    ['a number written as text', { livenessProbe: http('8080') }, undefined],
    ["the agent's own port", { livenessProbe: http(15020) }, undefined],
  ])('resolves %s', (_what, container, port) => {
    const made = rewritten(withApp(container));
    expect(app(made)?.livenessProbe?.httpGet).toEqual({ path: '/app-health/app/livez', port: 15020 });
    expect(probers(made)).toBe(
      port === undefined ? undefined : `{"/app-health/app/livez":{"httpGet":{"path":"/x","port":${port}}}}`,
    );
  });

  it("takes a gRPC probe on the agent's port as any other", () => {
    expect(probers(rewritten(withApp({ livenessProbe: { grpc: { port: 15020 } } })))).toContain('"port":15020');
  });

  it('covers init containers but not the proxy', () => {
    const made = rewritten(
      podWithProxy(
        {},
        {
          initContainers: [
            { name: 'early', startupProbe: http(1) },
            { name: 'istio-proxy', startupProbe: http(2) },
          ],
          containers: [{ name: 'app' }],
        },
      ),
    );
    expect(made.spec.initContainers?.map(({ startupProbe }) => startupProbe?.httpGet?.port)).toEqual([15020, 2]);
    expect(made.spec.initContainers?.[1]?.env?.[0]?.value).toBe(
      '{"/app-health/early/startupz":{"httpGet":{"path":"/x","port":1}}}',
    );
  });

  it.each([
    ['7777', 7777, 0],
    [' 7777 ', 0, 1],
  ])('asks at the port of the annotation %j', (value, port, warned) => {
    const warnings: string[] = [];
    const made = rewritten(
      withApp({ livenessProbe: http(80) }, { annotations: { 'status.sidecar.istio.io/port': value } }),
      warnings,
    );
    expect(app(made)?.livenessProbe?.httpGet?.port).toBe(port);
    expect(warnings).toHaveLength(warned);
  });

  it.each([
    ['false', false],
    ['0', false],
    ['true', true],
    ['maybe', true],
  ])('is switched by the annotation %s', (value, on) => {
    const made = withApp(
      { livenessProbe: http(80) },
      { annotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': value } },
    );
    expect(rewritten(made) === made).toBe(!on);
  });

  it('is off where the values do not switch it on, unless the pod does', () => {
    const off = { ...settings, rewrite: false };
    const made = withApp({ livenessProbe: http(80) });
    expect(rewriteProbes(made, off, [])).toBe(made);
  });

  it('does nothing to a pod without a proxy', () => {
    const made = pod({}, { containers: [{ name: 'app', livenessProbe: http(80) }] });
    expect(rewritten(made)).toBe(made);
  });
});

describe('the rewrite of probes on re-injection', () => {
  const again = (text: string, warnings: string[] = []) =>
    rewritten(
      podWithProxy(
        { annotations: { 'sidecar.istio.io/status': '{}' } },
        {
          containers: [
            { name: 'app', livenessProbe: http(80), readinessProbe: http(81) },
            { name: 'istio-proxy', env: [{ name: 'ISTIO_KUBE_APP_PROBERS', value: text }, { name: 'LAST' }] },
          ],
        },
      ),
      warnings,
    ).spec.containers?.[1]?.env;

  it('keeps earlier entries and adds new ones, in place', () => {
    expect(
      again('{"/app-health/app/livez":{"HttpGet":{"path":"/old","port":1},"timeoutSeconds":2},"/gone":null}'),
    ).toEqual([
      {
        name: 'ISTIO_KUBE_APP_PROBERS',
        value:
          '{"/app-health/app/livez":{"httpGet":{"path":"/old","port":1},"timeoutSeconds":2},' +
          '"/app-health/app/readyz":{"httpGet":{"path":"/x","port":81}},"/gone":null}',
      },
      { name: 'LAST' },
    ]);
  });

  it.each(['nonsense', '[]', '{"/a":5}'])('leaves a text alone that it cannot read: %s', (text) => {
    const warnings: string[] = [];
    expect(again(text, warnings)?.[0]?.value).toBe(text);
    expect(warnings).toHaveLength(1);
  });
});
