{{/*
  The entries of a mutating webhook configuration, the selectors of Istio's chart.
  Takes a dict: root, revision (the value of istio.io/rev that is answered), unnamed (whether the labels without revision are answered, too).
*/}}
{{- define "outrigger.injectorEntries" -}}
{{- $entry := dict "root" .root }}
{{- $notRefused := dict "key" "sidecar.istio.io/inject" "operator" "NotIn" "values" (list "false") }}
{{- $asks := dict "key" "sidecar.istio.io/inject" "operator" "In" "values" (list "true") }}
{{- $silent := dict "key" "sidecar.istio.io/inject" "operator" "DoesNotExist" }}
{{- $ofRevision := dict "key" "istio.io/rev" "operator" "In" "values" (list .revision) }}
{{- $noRevision := dict "key" "istio.io/rev" "operator" "DoesNotExist" }}
{{- $enabled := dict "key" "istio-injection" "operator" "In" "values" (list "enabled") }}
{{- $noInjection := dict "key" "istio-injection" "operator" "DoesNotExist" }}
{{- include "outrigger.injectorEntry" (merge (dict "name" "rev.namespace" "namespaces" (list $ofRevision $noInjection) "pods" (list $notRefused)) $entry) }}
{{ include "outrigger.injectorEntry" (merge (dict "name" "rev.object" "namespaces" (list $noRevision $noInjection) "pods" (list $notRefused $ofRevision)) $entry) }}
{{- if .unnamed }}
{{ include "outrigger.injectorEntry" (merge (dict "name" "namespace" "namespaces" (list $enabled) "pods" (list $notRefused)) $entry) }}
{{ include "outrigger.injectorEntry" (merge (dict "name" "object" "namespaces" (list $noInjection $noRevision) "pods" (list $asks $noRevision)) $entry) }}
{{- if .root.Values.sidecarInjectorWebhook.enableNamespacesByDefault }}
{{- $system := dict "key" "kubernetes.io/metadata.name" "operator" "NotIn" "values" (list "kube-system" "kube-public" "kube-node-lease" "local-path-storage") }}
{{ include "outrigger.injectorEntry" (merge (dict "name" "auto" "namespaces" (list $noInjection $noRevision $system) "pods" (list $silent $noRevision)) $entry) }}
{{- end }}
{{- end }}
{{- end }}

{{/* One entry. The caBundle is never rendered: the running webhook sets it, and it alone owns the field. */}}
{{- define "outrigger.injectorEntry" -}}
{{- $webhook := .root.Values.sidecarInjectorWebhook -}}
- name: {{ .name }}.sidecar-injector.istio.io
  clientConfig:
    service:
      name: {{ include "outrigger.name" .root }}
      namespace: {{ .root.Release.Namespace }}
      path: /inject
      port: 443
  rules:
  - operations: [CREATE]
    apiGroups: [""]
    apiVersions: [v1]
    resources: [pods]
    scope: Namespaced
  namespaceSelector:
    matchExpressions:
    {{- toYaml .namespaces | nindent 4 }}
  objectSelector:
    matchExpressions:
    {{- toYaml .pods | nindent 4 }}
  matchConditions:
  {{- include "outrigger.matchConditions" .root | nindent 2 }}
  matchPolicy: Equivalent
  failurePolicy: {{ $webhook.failurePolicy }}
  reinvocationPolicy: {{ $webhook.reinvocationPolicy }}
  timeoutSeconds: {{ $webhook.timeoutSeconds }}
  sideEffects: None
  admissionReviewVersions: [v1]
{{- end }}

{{/* Which pods are never sent, whatever the labels say: those that the injector refuses anyway, and our own. */}}
{{- define "outrigger.matchConditions" -}}
- name: not-a-system-namespace
  expression: "!(request.namespace in ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])"
{{- if .Values.sidecarInjectorWebhook.excludeOwnNamespace }}
- name: not-our-own-namespace
  expression: "request.namespace != '{{ .Release.Namespace }}'"
{{- else }}
- name: not-our-own-pods
  expression: "!(request.namespace == '{{ .Release.Namespace }}' && has(object.metadata.labels) && 'app.kubernetes.io/name' in object.metadata.labels && object.metadata.labels['app.kubernetes.io/name'] == 'outrigger')"
{{- end }}
{{- end }}

{{/* Metadata of a webhook configuration; takes a dict: root, name, app, annotations. */}}
{{- define "outrigger.webhookMetadata" -}}
name: {{ .name }}
labels:
  app: {{ .app }}
  {{- include "outrigger.labels" .root | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* One entry of the validating webhook configuration; takes a dict: root, name, and how the object's label istio.io/rev is compared. */}}
{{- define "outrigger.validatorEntry" -}}
- name: {{ .name }}
  clientConfig:
    service:
      name: {{ include "outrigger.name" .root }}
      namespace: {{ .root.Release.Namespace }}
      path: /validate
      port: 443
  rules:
  - operations: [CREATE, UPDATE]
    apiGroups:
    - security.istio.io
    - networking.istio.io
    - telemetry.istio.io
    - extensions.istio.io
    apiVersions: ["*"]
    resources: ["*"]
    scope: "*"
  namespaceSelector: {}
  objectSelector:
    matchExpressions:
    - key: istio.io/rev
      operator: {{ .operator }}
      values: [{{ .revision | quote }}]
  matchConditions:
  # What is being deleted must be able to lose its finalizers, however wrong it is.
  - name: not-being-deleted
    expression: "!has(object.metadata.deletionTimestamp)"
  matchPolicy: Equivalent
  {{- $webhook := .root.Values.validationWebhook }}
  {{- /* An upgrade leaves the policy as the running webhook has set it. */}}
  {{- if not (and .root.Values.manageFailurePolicy .root.Release.IsUpgrade) }}
  failurePolicy: {{ $webhook.failurePolicy }}
  {{- end }}
  timeoutSeconds: {{ $webhook.timeoutSeconds }}
  sideEffects: None
  admissionReviewVersions: [v1]
{{- end }}
