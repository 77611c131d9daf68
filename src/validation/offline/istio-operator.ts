/** IstioOperator resources: Istio's installer refuses fields that it does not know. */
import { quote } from '../../go/quote.ts';
import { FieldPath } from '../path.ts';
import type { FieldPath as Path } from '../path.ts';
import { isMap } from './resource.ts';
import type { Finding, Resource } from './resource.ts';

/** The apiVersion by which an IstioOperator is known. */
export const istioOperatorApiVersion = 'install.istio.io/v1alpha1';

/** The members that a map may have, and the form of each: a map again, a list of maps, or anything (null). */
interface Form {
  readonly [member: string]: Form | readonly [Form] | null;
}

const component: Form = { enabled: null, namespace: null, hub: null, tag: null, spec: null, k8s: null };
const gateway: Form = { ...component, name: null, label: null };
const spec: Form = {
  profile: null,
  installPackagePath: null,
  hub: null,
  tag: null,
  resourceSuffix: null,
  namespace: null,
  revision: null,
  compatibilityVersion: null,
  meshConfig: null,
  components: {
    base: component,
    pilot: component,
    cni: component,
    ztunnel: component,
    ingressGateways: [gateway],
    egressGateways: [gateway],
  },
  values: null,
  unvalidatedValues: null,
};

/** Looks for the first field that an IstioOperator does not have. */
export function checkIstioOperator(resource: Resource): Finding[] {
  const unknown = findUnknown(resource['spec'], spec, FieldPath.root('spec'));
  if (unknown === undefined) return [];
  const message = `could not unmarshal: json: unknown field ${quote(String(unknown.key))}`;
  return [{ severity: 'error', code: 'istio-operator', message, path: unknown }];
}

function findUnknown(value: unknown, form: Form, path: Path): Path | undefined {
  if (!isMap(value)) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const place = path.at(key);
    // Go's JSON finds members whatever the case of their letters.
    const name = Object.keys(form).find((known) => known.toLowerCase() === key.toLowerCase());
    if (name === undefined) return place;
    const childForm = form[name] ?? null;
    const found = childForm === null ? undefined : findUnknownIn(child, childForm, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findUnknownIn(value: unknown, form: Form | readonly [Form], path: Path): Path | undefined {
  if (!isListForm(form)) return findUnknown(value, form, path);
  if (!Array.isArray(value)) return undefined;
  for (const [index, item] of value.entries()) {
    const found = findUnknown(item, form[0], path.at(index));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isListForm(form: Form | readonly [Form]): form is readonly [Form] {
  return Array.isArray(form);
}
