/** The generated tables: what Go's reflection knows about the Kubernetes types (see tools/generate/kubernetes). */
import podFields from './pod-fields.json' with { type: 'json' };
import workloadFields from './workload-fields.json' with { type: 'json' };

/** A field of a struct, as the tables have it. */
export interface FieldDefinition {
  /** Name in Go, e.g. `HostNetwork`. */
  readonly name: string;
  /** Name in JSON, e.g. `hostNetwork`; empty for inlined structs. */
  readonly json: string;
  /** Type in Go's syntax, e.g. `[]v1.Container`. */
  readonly type: string;
  readonly omitEmpty?: boolean;
  readonly omitZero?: boolean;
  /** An embedded struct whose fields stand in this struct's JSON object. */
  readonly inline?: boolean;
  /** `merge`, `replace` and `retainKeys`, as strategic merge patch has them. */
  readonly patchStrategy?: readonly string[];
  /** The JSON field that identifies the elements of a merged list. */
  readonly patchMergeKey?: string;
}

/** A named type. Scalars have their Go kind; `quantity`, `intOrString`, `time` and `rawJson` read and write themselves. */
export interface TypeDefinition {
  readonly kind: string;
  /** The type behind a named map or slice. */
  readonly underlying?: string;
  readonly fields?: readonly FieldDefinition[];
}

/** What Istio's injector reads beside Kubernetes' own types: the annotation `proxy.istio.io/overrides`. */
const podOverrides: TypeDefinition = {
  kind: 'struct',
  fields: [
    { name: 'Containers', json: 'containers', type: '[]v1.Container', omitEmpty: true },
    { name: 'InitContainers', json: 'initContainers', type: '[]v1.Container', omitEmpty: true },
  ],
};

const definitions = new Map<string, TypeDefinition>([
  ...Object.entries<TypeDefinition>(podFields.types),
  ...Object.entries<TypeDefinition>(workloadFields.types),
  ['inject.podOverrides', podOverrides],
]);

/** The definition of a named type (`v1.Pod`, `appsv1.Deployment`); undefined for builtin and unknown types. */
export function typeDefinition(name: string): TypeDefinition | undefined {
  return definitions.get(name);
}

/** A Go type taken apart. */
export type GoType =
  | { readonly kind: 'pointer' | 'slice' | 'map'; readonly element: string }
  | { readonly kind: 'named'; readonly name: string };

export function parseGoType(type: string): GoType {
  if (type.startsWith('*')) return { kind: 'pointer', element: type.slice(1) };
  if (type.startsWith('[]')) return { kind: 'slice', element: type.slice(2) };
  if (type.startsWith('map[')) return { kind: 'map', element: type.slice(type.indexOf(']') + 1) };
  const underlying = definitions.get(type)?.underlying;
  return underlying === undefined ? { kind: 'named', name: type } : parseGoType(underlying);
}

/** The name Go's messages use: the prefixes that keep the tables apart are all `v1` there. */
export function shownType(type: string): string {
  return type.replace(/\b(?:apps|batch|openshift)v1\./g, 'v1.');
}

/** A field together with the embedded structs it stands in. */
export interface FlatField extends FieldDefinition {
  /** Path in Go's messages, e.g. `VolumeSource.emptyDir`. */
  readonly path: string;
}

/** The JSON fields of a struct in the order Go writes them, those of embedded structs in place. */
export function flattenFields(type: string): FlatField[] {
  return (typeDefinition(type)?.fields ?? []).flatMap((field) => {
    if (field.inline !== true) return [{ ...field, path: field.json }];
    return flattenFields(field.type).map((inner) => ({ ...inner, path: `${field.name}.${inner.path}` }));
  });
}
