import { createInjector } from '../../src/injection/index.ts';
import { previewInjection, type Preview, type PreviewRequest } from '../../src/playground/index.ts';

/** A template with text, an action, a condition and a block of its own. */
export const template = `metadata:
  labels:
    added: "yes"
spec:
  containers:
  - name: istio-proxy
    image: "{{ .Values.global.hub }}/proxy"
    {{- if .Values.global.debug }}
    tty: true
    {{- end }}
    {{- template "resources" . }}
{{- define "resources" }}
    resources:
      limits:
        cpu: {{ annotation .ObjectMeta "sidecar.istio.io/proxyCPULimit" "2" | quote }}
{{- end }}
`;

export const values = 'global:\n  hub: example.com/istio\n  tag: "1"\n  debug: true\n';

export const pod = `apiVersion: v1
kind: Pod
metadata:
  name: cart
  namespace: shop
spec:
  containers:
  - name: cart
    image: cart
    env:
    - name: PASSWORD
      value: hunter2-secret
`;

const indented = template.replaceAll(/^(?=.)/gm, '    ');

export const injector = createInjector({
  config: `policy: enabled\ndefaultTemplates: [small]\ntemplates:\n  small: |\n${indented}  other: |\n    metadata: {}\n`,
  values,
});

/** The preview of the texts above, with changes. */
export function preview(change: Partial<PreviewRequest> = {}): Preview {
  return previewInjection(
    { pod, values, templates: [{ name: 'small', text: template }], withSources: true, ...change },
    injector,
  );
}
