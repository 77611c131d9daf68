/** The data that templates are rendered with. Names and types are those of Istio, for templates are written against them. */
import { sidecarTemplateData, type GoValue, type SidecarTemplateData } from '../gotemplate/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { setOwn, type JsonRecord } from '../yaml/index.ts';
import type { InjectionParameters } from './pipeline.ts';
import { proxyImage } from './proxy-image.ts';

/**
 * Puts the data together.
 * @param pod the pod that templates may see, see {@link podForTemplates}
 */
export function templateData(parameters: InjectionParameters, pod: Pod): SidecarTemplateData {
  const { configuration, workload, proxyConfig, mesh, ids } = parameters;
  const { values } = configuration;
  return {
    TypeMeta: { kind: workload.kind, apiVersion: workload.apiVersion },
    DeploymentMeta: { Namespace: workload.namespace, Name: workload.name },
    ObjectMeta: pod.metadata,
    Spec: pod.spec,
    ProxyConfig: proxyConfig,
    MeshConfig: mesh,
    Values: values.document,
    Revision: parameters.revision,
    NativeSidecars: parameters.native,
    ProxyImage: proxyImage(values, proxyConfig, parameters.pod.metadata.annotations),
    ProxyUID: ids.uid,
    ProxyGID: ids.gid,
    InboundTrafficPolicyMode: mesh.inboundTrafficPolicy?.mode === 'LOCALHOST' ? 'localhost' : 'passthrough',
    CompliancePolicy: configuration.features.compliancePolicy,
  };
}

/**
 * The data as templates see it.
 * @param changesMaps functions such as `set` may change maps in place: then the values, which belong to all requests, are copied
 */
export function templateValue(data: SidecarTemplateData, changesMaps: boolean): GoValue {
  return sidecarTemplateData(changesMaps ? { ...data, Values: copyJson(data.Values) } : data);
}

function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const copy: JsonRecord = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, copyJson(item));
  return copy as T;
}
