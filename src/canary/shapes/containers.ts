/** Pods by what their containers are like. */
import { app, httpGet, image, service, shape, type CanaryShape } from './shape.ts';

/** The pods. */
export const containerShapes: readonly CanaryShape[] = [
  shape('three containers', { containers: [app, service('metrics', 9090), service('admin', 9091)] }),
  shape('no ports', { containers: [{ name: 'worker', image, command: ['work'], args: ['--forever'] }] }),
  shape('ports of every kind', {
    containers: [
      {
        ...app,
        ports: [
          { name: 'http', containerPort: 8080, protocol: 'TCP' },
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { containerPort: 9000 },
          { name: 'host', containerPort: 7000, hostPort: 7000, hostIP: '127.0.0.1' },
        ],
      },
    ],
  }),
  shape('init containers', {
    initContainers: [
      { name: 'migrate', image, command: ['migrate'], env: [{ name: 'A', value: 'b' }] },
      { name: 'fetch', image },
    ],
    containers: [app],
  }),
  shape('native sidecar', {
    initContainers: [
      { name: 'logs', image, restartPolicy: 'Always', startupProbe: httpGet(9999), ports: [{ containerPort: 9999 }] },
    ],
    containers: [app],
  }),
  shape('HTTP probes', {
    containers: [
      {
        ...app,
        livenessProbe: { httpGet: { path: '/live?x=1&y=<2>', port: 8080, scheme: 'HTTPS' }, periodSeconds: 5 },
        readinessProbe: { ...httpGet('http'), successThreshold: 2 },
        startupProbe: { httpGet: { port: 8080, httpHeaders: [{ name: 'X-A', value: 'b' }] }, failureThreshold: 30 },
        lifecycle: { preStop: httpGet(8080), postStart: { exec: { command: ['true'] } } },
      },
      { ...service('second', 8081), livenessProbe: httpGet(8081) },
    ],
  }),
  shape('TCP, gRPC and exec probes', {
    containers: [
      {
        ...app,
        livenessProbe: { tcpSocket: { port: 'http' } },
        readinessProbe: { grpc: { port: 8080, service: 'ready' } },
        startupProbe: { exec: { command: ['test', '-f', '/ready'] }, timeoutSeconds: 3 },
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
      },
    ],
  }),
  shape('security contexts', {
    securityContext: {
      runAsUser: 1000,
      runAsGroup: 3000,
      fsGroup: 2000,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        ...app,
        securityContext: {
          runAsUser: 1001,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
        },
      },
    ],
  }),
  shape('uid of the proxy', { containers: [{ ...app, securityContext: { runAsUser: 1337, runAsGroup: 1337 } }] }),
  shape('environment of every kind', {
    containers: [
      {
        ...app,
        env: [
          { name: 'PLAIN', value: 'a "quoted" value' },
          { name: 'EMPTY' },
          { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
          { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'k', optional: true } } },
          { name: 'SETTING', valueFrom: { configMapKeyRef: { name: 'settings', key: 's' } } },
        ],
        envFrom: [{ configMapRef: { name: 'settings' } }],
        resources: { limits: { cpu: '1', memory: '1Gi', 'example.com/gpu': '1' }, requests: { cpu: '500m' } },
      },
    ],
  }),
];
