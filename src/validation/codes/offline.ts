/** Rule codes of what only the offline check finds: unreadable files, resources of other projects, the rules of CRDs. */
import { forbidden, invalid, notSupported, required } from './cause.ts';
import type { Rule } from './cause.ts';

export const offlineRules = {
  'file-unreadable': required('The file exists and can be read.'),
  'document-decode': invalid('The document is YAML that can be decoded, each key once, and a map.'),
  'service-port-unnamed': required(
    'A port of a Service has a name or an appProtocol, by which Istio knows its protocol.',
  ),
  'service-port-name': invalid('The name of a Service port is a protocol, or starts with one and a hyphen.'),
  'service-app-protocol': notSupported('The appProtocol of a Service port is a protocol that Istio knows.'),
  'template-labels': invalid('The labels of a pod template are texts.'),
  'istio-operator': invalid('The IstioOperator has only fields that the installer knows.'),
  'crd-schema': invalid('The resource fits the schema of its CustomResourceDefinition.'),
  'crd-list-type': invalid('Lists that are sets or maps have no item twice.'),
  'crd-unknown-field': forbidden('The CustomResourceDefinition has no such field; the API server would drop it.'),
  'crd-cel': invalid('The resource keeps the CEL rules of its CustomResourceDefinition.'),
} as const satisfies Record<string, Rule>;
