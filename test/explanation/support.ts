import { createInjector, type Injector } from '../../src/injection/index.ts';

const template = `metadata:
  labels: { injected: "yes" }
spec:
  initContainers:
  - { name: istio-init, image: proxy, env: [{ name: SECRET_OF_TEMPLATE, value: template-secret }] }
  containers:
  - name: istio-proxy
    image: "{{ annotation .ObjectMeta "sidecar.istio.io/proxyImage" "proxy" }}"
    resources: { requests: { cpu: 100m } }
  volumes: [{ name: istio-envoy, emptyDir: {} }]
`;

/** Fails with the value of a variable of the pod in its message. */
const leak = '{{ range .Spec.Containers }}{{ range .Env }}{{ fail .Value }}{{ end }}{{ end }}';

const indent = (text: string): string => text.replace(/^/gm, '    ');

/** An injector with the templates `sidecar`, and `broken` and `leaks`, which fail. */
export function smallInjector(config: string, objects: readonly unknown[] = [], revision = 'default'): Injector {
  const templates = `templates:\n  sidecar: |\n${indent(template)}\n  broken: |\n    {{ fail "told to" }}\n  leaks: |\n    ${leak}\n`;
  const values = '{"global":{"hub":"hub","tag":"1"},"sidecarInjectorWebhook":{"rewriteAppHTTPProbe":true}}';
  return createInjector({ config: config + templates, values, objects, revision });
}

/** An object of a cluster: a namespace with labels. */
export const namespace = (name: string, labels: Record<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
