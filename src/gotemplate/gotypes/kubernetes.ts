/**
 * The Kubernetes types that templates see (`.Spec.Containers`, `$c.Ports`), over plain JSON objects. The fields come from the generated table
 * of `src/kubernetes`; this adds what k8s.io/apimachinery declares as methods and how its own scalars look inside.
 */
import { typeDefinition, type FieldDefinition } from '../../kubernetes/index.ts';
import { GoType, INT32, INT64, STRING, type Kind, type Method, type StructField, type TypeDetails } from '../types.ts';
import { structText } from './kubernetes-text.ts';
import { quantityParts, quantityText, quantityValue } from './quantity.ts';
import { addTypeFamily, goType } from './registry.ts';
import { timeDetails } from './time.ts';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function fieldOf({ name, json, type, inline }: FieldDefinition): StructField {
  return {
    name,
    get type() {
      return goType(type);
    },
    get: inline ? (struct) => struct : (struct) => (struct as Record<string, unknown>)[json],
    embedded: inline ?? false,
  };
}

/** A field that the table does not have; read from raw data that is no object. */
function part(name: string, type: GoType, get: (raw: unknown) => unknown, unexported = false): StructField {
  return { name, type, get, unexported };
}

const method = (name: string, result: GoType, call: (raw: unknown) => unknown): Method => ({
  name,
  params: [],
  result,
  onPointer: true,
  call,
});

/** metav1.ObjectMeta has a getter for every field. */
const getters = (type: string): readonly Method[] =>
  (typeDefinition(type)?.fields ?? []).map((field) =>
    method(`Get${field.name}`, goType(field.type), (raw) => (isRecord(raw) ? raw[field.json] : undefined)),
  );

/** v1.ResourceList has a getter for each well-known resource; an absent one is zero. */
const RESOURCES = {
  Cpu: 'cpu',
  Memory: 'memory',
  Storage: 'storage',
  Pods: 'pods',
  StorageEphemeral: 'ephemeral-storage',
};

const resourceGetters = (): readonly Method[] =>
  Object.entries(RESOURCES).map(([name, resource]) =>
    method(name, goType('resource.Quantity').pointer, (raw) => (isRecord(raw) ? raw[resource] : undefined) ?? '0'),
  );

const scaleType = new GoType('resource.Scale', 'int32');
const amountType = new GoType('resource.int64Amount', 'struct', {
  fields: () => [
    part('value', INT64, (raw) => (raw as { value: bigint }).value, true),
    part('scale', scaleType, (raw) => (raw as { scale: number }).scale, true),
  ],
});
const decimalType = new GoType('inf.Dec', 'struct').pointer;
const decimalAmountType = new GoType('resource.infDecAmount', 'struct', {
  fields: () => [part('Dec', decimalType, () => null)],
});
const formatType = new GoType('resource.Format', 'string');

const quantityDetails: TypeDetails = {
  fields: () => [
    part('i', amountType, (raw) => quantityParts(raw), true),
    part('d', decimalAmountType, () => ({}), true),
    part('s', STRING, (raw) => quantityParts(raw).text, true),
    part('Format', formatType, (raw) => quantityParts(raw).format),
  ],
  methods: () => [
    method('String', STRING, quantityText),
    method('Value', INT64, (raw) => quantityValue(raw, 0)),
    method('MilliValue', INT64, (raw) => quantityValue(raw, 3)),
    method('IsZero', goType('bool'), (raw) => quantityParts(raw).value === 0n),
  ],
  string: quantityText,
  stringOnPointer: true,
};

const intOrStringKind = new GoType('intstr.Type', 'int64');
const intOrStringText = (raw: unknown): string => (raw == null ? '<nil>' : String(raw));
const intOrStringDetails: TypeDetails = {
  fields: () => [
    part('Type', intOrStringKind, (raw) => (typeof raw === 'number' ? 0n : 1n)),
    part('IntVal', INT32, (raw) => (typeof raw === 'number' ? raw : 0)),
    part('StrVal', STRING, (raw) => (typeof raw === 'string' ? raw : '')),
  ],
  methods: () => [
    method('String', STRING, intOrStringText),
    method('IntValue', goType('int'), (raw) => Math.trunc(Number(String(raw))) || 0),
  ],
  string: intOrStringText,
  stringOnPointer: true,
  decode: (raw) => raw ?? 0,
};

function detailsOf(name: string): { readonly kind: Kind; readonly details: TypeDetails } | undefined {
  const definition = typeDefinition(name);
  switch (definition?.kind) {
    case undefined:
      return undefined;
    case 'quantity':
      return { kind: 'struct', details: quantityDetails };
    case 'intOrString':
      return { kind: 'struct', details: intOrStringDetails };
    case 'time':
      return { kind: 'struct', details: timeDetails };
    case 'rawJson':
      return { kind: 'struct', details: { fields: () => [] } };
    case 'struct': {
      const { fields = [] } = definition;
      return {
        kind: 'struct',
        details: {
          fields: () => fields.map(fieldOf),
          methods: () => [
            method('String', STRING, (raw) => structText(name, raw)),
            ...(name === 'v1.ObjectMeta' ? getters(name) : []),
          ],
          string: (raw) => structText(name, raw),
          stringOnPointer: true,
        },
      };
    }
    case 'map': {
      const underlying = goType(definition.underlying ?? 'map[string]string');
      return {
        kind: 'map',
        details: {
          key: () => underlying.key,
          elem: () => underlying.elem,
          methods: () => (name === 'v1.ResourceList' ? resourceGetters() : []),
        },
      };
    }
    default:
      return { kind: definition?.kind as Kind, details: {} };
  }
}

addTypeFamily((name) => {
  const found = detailsOf(name);
  return found === undefined ? undefined : new GoType(name.replace(/^\w+v1\./, 'v1.'), found.kind, found.details);
});
