/** Pods to start from, each with something to see. */
import type { PlaygroundStart } from './preview-types.ts';

const container = (indent: string): string =>
  [
    'containers:',
    '- name: cart',
    '  image: registry.example.com/shop/cart:1.4.2',
    '  ports:',
    '  - containerPort: 8080',
    '  readinessProbe:',
    '    httpGet:',
    '      path: /ready',
    '      port: 8080',
  ]
    .map((line) => `${indent}${line}\n`)
    .join('');

const podWith = (metadata: string, spec = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n  namespace: shop\n  labels:\n    app: cart\n${metadata}spec:\n${spec}${container('  ')}`;

export const examplePods: PlaygroundStart['examples'] = [
  { name: 'Pod', pod: podWith('') },
  {
    name: 'Deployment with resources for the proxy',
    pod:
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  replicas: 2\n' +
      '  selector:\n    matchLabels:\n      app: cart\n  template:\n    metadata:\n      labels:\n        app: cart\n' +
      '      annotations:\n        sidecar.istio.io/proxyCPU: 250m\n        sidecar.istio.io/proxyMemory: 256Mi\n' +
      `    spec:\n${container('      ')}`,
  },
  {
    name: 'Job',
    pod:
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: report\n  namespace: shop\nspec:\n  template:\n    metadata:\n' +
      '      labels:\n        app: report\n    spec:\n      restartPolicy: Never\n      containers:\n      - name: report\n' +
      '        image: registry.example.com/shop/report:2.0.0\n',
  },
  { name: 'Pod that refuses', pod: podWith('    sidecar.istio.io/inject: "false"\n') },
  { name: 'Pod on the host network', pod: podWith('', '  hostNetwork: true\n') },
  {
    name: 'Annotation with a wrong value',
    pod: podWith('  annotations:\n    sidecar.istio.io/proxyCPU: banana\n'),
  },
  {
    name: 'Gateway',
    pod: podWith('  annotations:\n    inject.istio.io/templates: gateway\n', '').replace(
      / {2}containers:[^]*$/,
      '  containers:\n  - name: istio-proxy\n    image: auto\n',
    ),
  },
];
