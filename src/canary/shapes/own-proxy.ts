/** Pods that bring containers of the injection themselves. */
import { app, httpGet, odd, relying, type CanaryShape } from './shape.ts';

/** The pods. */
export const ownProxyShapes: readonly CanaryShape[] = [
  ...['istio-proxy', 'istio-init', 'istio-validation'].map((name): CanaryShape => {
    const own = { name, image: 'auto', resources: { limits: { cpu: '50m', memory: '32Mi' } } };
    const isInit = name !== 'istio-proxy';
    const spec = isInit ? { initContainers: [own], containers: [app] } : { containers: [app, own] };
    return odd(`own limits of ${name}`, spec);
  }),
  odd('own proxy, image chosen by the injector', {
    containers: [
      app,
      {
        name: 'istio-proxy',
        image: 'auto',
        resources: { requests: { cpu: '1', memory: '256Mi' }, limits: { cpu: '2', memory: '512Mi' } },
        env: [{ name: 'EXTRA', value: '1' }],
        lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
        volumeMounts: [{ name: 'extra', mountPath: '/extra' }],
      },
    ],
    volumes: [{ name: 'extra', emptyDir: {} }],
  }),
  odd('own proxy and init container', {
    initContainers: [
      {
        name: 'istio-init',
        image: 'auto',
        resources: { requests: { cpu: '5m' }, limits: { cpu: '10', memory: '10Gi' } },
      },
    ],
    containers: [
      app,
      {
        name: 'istio-proxy',
        image: 'registry.example/proxy:1',
        args: ['proxy', 'sidecar'],
        securityContext: { runAsUser: 2000, readOnlyRootFilesystem: false },
        readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 }, periodSeconds: 3 },
        ports: [{ name: 'extra', containerPort: 15999 }],
      },
    ],
  }),
  relying('own proxy without an image', { containers: [app, { name: 'istio-proxy' }] }),
  ...['istio-init', 'istio-validation'].map((name) =>
    relying(`own ${name} without an image`, { initContainers: [{ name }], containers: [app] }),
  ),
  relying('own proxy as a native sidecar', {
    initContainers: [
      {
        name: 'istio-proxy',
        image: 'auto',
        readinessProbe: httpGet(15021),
        lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
      },
    ],
    containers: [app],
  }),
  relying('own proxy that mounts a volume of the injection', {
    containers: [
      app,
      { name: 'istio-proxy', image: 'auto', volumeMounts: [{ name: 'istio-data', mountPath: '/own' }] },
    ],
  }),
  relying('own privileged init container', {
    initContainers: [
      { name: 'istio-init', image: 'auto', securityContext: { privileged: true, allowPrivilegeEscalation: false } },
    ],
    containers: [app],
  }),
];
