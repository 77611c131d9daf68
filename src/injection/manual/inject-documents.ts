/**
 * `istioctl kube-inject` without its I/O: a text of Kubernetes objects in, the same text with injected workloads out.
 * Workloads are written anew, everything else stays as it is, byte for byte.
 */
import { jsonTypeName } from '../../admission/check-shape.ts';
import { decodeTypedYaml, encodeTyped, workloadKinds } from '../../kubernetes/index.ts';
import { decodeYaml, encodeYaml, isRecord, YamlError, type JsonRecord } from '../../yaml/index.ts';
import { injectWorkload, type ManualInjection } from './inject-workload.ts';
import { splitDocuments } from './split-documents.ts';
import type { WorkloadObject } from './pod-source.ts';

/** A document of the result. */
export interface InjectedDocument {
  /** Ends with a line `---`. */
  readonly text: string;
  /** Workloads that were left alone, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Injects the workloads of a text, one document after the other.
 * @throws {YamlError | DocumentSeparatorError | InjectionError} at the first document that fails
 */
export function* injectDocuments(text: string, manual: ManualInjection): Generator<InjectedDocument> {
  for (const document of splitDocuments(text)) {
    const warnings: string[] = [];
    const handled = injectObject(document, manual, warnings);
    yield { text: `${handled === undefined ? document : encodeYaml(handled)}---\n`, warnings };
  }
}

/** The object of a YAML text as it is written; `undefined` when it is none that is handled. */
function injectObject(text: string, manual: ManualInjection, warnings: string[]): unknown {
  const { kind: kindName = '' } = decodeTypedYaml('v1.TypeMeta', text) as { kind?: string };
  if (kindName === 'List') return injectList(text, manual, warnings);
  const kind = workloadKinds.get(kindName);
  if (kind === undefined) return undefined;
  const { object, warning } = injectWorkload(manual, kind, decodeTypedYaml(kind.type, text) as WorkloadObject);
  if (warning !== undefined) warnings.push(warning);
  return encodeTyped(kind.type, object);
}

/** Each item is handled like a document; others are kept as they are. */
function injectList(text: string, manual: ManualInjection, warnings: string[]): unknown {
  const { items, ...list } = readList(decodeYaml(text) as JsonRecord);
  return { ...list, items: items?.map((item) => injectObject(JSON.stringify(item), manual, warnings) ?? item) ?? null };
}

interface List {
  readonly kind: string;
  readonly apiVersion?: string;
  readonly metadata: JsonRecord;
  /** Null when the list has none. */
  readonly items: readonly unknown[] | null;
}

/** A `v1.List`, which the field tables do not have since no pod is in it. */
function readList(value: JsonRecord): List {
  const items = fieldOf(value, 'items') ?? null;
  if (items !== null && !Array.isArray(items)) throw misfit(items, 'items of type []runtime.RawExtension');
  const metadata = fieldOf(value, 'metadata') ?? {};
  if (!isRecord(metadata)) throw misfit(metadata, 'metadata of type v1.ListMeta');
  const type = decodeTypedYaml('v1.TypeMeta', JSON.stringify({ ...value, items: null })) as Pick<
    List,
    'kind' | 'apiVersion'
  >;
  const kept = ['selfLink', 'resourceVersion', 'continue', 'remainingItemCount'].flatMap((name) => {
    const field = fieldOf(metadata, name);
    return field == null || field === '' ? [] : [[name, field] as const];
  });
  return { ...type, metadata: Object.fromEntries(kept), items };
}

/** A field by its name in any letter case; of several the last in sorted order counts, as Go sees them. */
function fieldOf(record: JsonRecord, name: string): unknown {
  const keys = Object.keys(record).filter((key) => key.toLowerCase() === name.toLowerCase());
  const last = keys.sort().at(-1);
  return last === undefined ? undefined : record[last];
}

function misfit(value: unknown, field: string): YamlError {
  const found = jsonTypeName(value);
  return new YamlError(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go struct field List.${field}`,
  );
}
