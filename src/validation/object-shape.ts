/** The Go structs that a Kubernetes object around a spec is decoded into: Istio's `crd.IstioKind` and `metav1.ObjectMeta`. */
import { struct } from './object-faults.ts';
import type { Shape } from './object-faults.ts';

const string: Shape = { type: 'string' };
const uid: Shape = { type: 'string', goType: 'types.UID' };
const bool: Shape = { type: 'bool' };
const int64: Shape = { type: 'int64' };
const time: Shape = { type: 'time' };
const any: Shape = { type: 'any' };
const strings: Shape = { type: 'list', item: string, goType: '[]string' };
const labels: Shape = { type: 'map', item: string, goType: 'map[string]string' };

const ownerReference = struct('OwnerReference', {
  apiVersion: string,
  kind: string,
  name: string,
  uid,
  controller: bool,
  blockOwnerDeletion: bool,
});

const managedFields = struct('ManagedFieldsEntry', {
  manager: string,
  operation: { type: 'string', goType: 'v1.ManagedFieldsOperationType' },
  apiVersion: string,
  time,
  fieldsType: string,
  fieldsV1: any,
  subresource: string,
});

const objectMeta = struct('ObjectMeta', {
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid,
  resourceVersion: string,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: int64,
  labels,
  annotations: labels,
  ownerReferences: { type: 'list', item: ownerReference, goType: '[]v1.OwnerReference' },
  finalizers: strings,
  managedFields: { type: 'list', item: managedFields, goType: '[]v1.ManagedFieldsEntry' },
});

/** The object as a whole; spec and status are kept as they are. */
export const istioKind = struct('IstioKind', {
  kind: string,
  apiVersion: string,
  metadata: objectMeta,
  spec: any,
  status: any,
});
