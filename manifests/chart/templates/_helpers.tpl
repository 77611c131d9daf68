{{/* Names: the unnamed revision has no suffix; cluster-wide ones end with the namespace, where it is not istio-system. */}}

{{- define "outrigger.revision" -}}
{{ .Values.revision | default "default" }}
{{- end }}

{{- define "outrigger.name" -}}
outrigger{{ include "outrigger.suffix" . }}
{{- end }}

{{- define "outrigger.suffix" -}}
{{ if ne (include "outrigger.revision" .) "default" }}-{{ .Values.revision }}{{ end }}
{{- end }}

{{- define "outrigger.clusterSuffix" -}}
{{ if ne .Release.Namespace "istio-system" }}-{{ .Release.Namespace }}{{ end }}
{{- end }}

{{- define "outrigger.clusterName" -}}
{{ include "outrigger.name" . }}{{ include "outrigger.clusterSuffix" . }}
{{- end }}

{{- define "outrigger.injectorName" -}}
outrigger-sidecar-injector{{ include "outrigger.suffix" . }}{{ include "outrigger.clusterSuffix" . }}
{{- end }}

{{- define "outrigger.validatorName" -}}
outrigger-validator{{ include "outrigger.suffix" . }}{{ include "outrigger.clusterSuffix" . }}
{{- end }}

{{- define "outrigger.workloadsName" -}}
outrigger-workloads{{ include "outrigger.suffix" . }}{{ include "outrigger.clusterSuffix" . }}
{{- end }}

{{- define "outrigger.guardName" -}}
outrigger-guard{{ include "outrigger.suffix" . }}{{ include "outrigger.clusterSuffix" . }}
{{- end }}

{{- define "outrigger.secretName" -}}
{{ .Values.certificates.secretName | default (printf "outrigger-certificates%s" (include "outrigger.suffix" .)) }}
{{- end }}

{{- define "outrigger.image" -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "outrigger.selectorLabels" -}}
app.kubernetes.io/name: outrigger
app.kubernetes.io/instance: {{ include "outrigger.name" . }}
{{- end }}

{{- define "outrigger.labels" -}}
{{ include "outrigger.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: outrigger
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
istio.io/rev: {{ include "outrigger.revision" . | quote }}
{{- end }}
