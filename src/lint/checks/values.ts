/** What templates read of the values, and what nothing reads. */
import { isMap, isScalar, isSeq } from 'yaml';
import type { Scalar } from 'yaml';
import { valuesForm, type ValueForm } from '../../configuration/values-types.ts';
import { isRecord, type JsonRecord } from '../../yaml/index.ts';
import { finding, type Finding } from '../finding.ts';
import { nearest, proposal } from '../nearest.ts';
import { anyElement, isPrefix, type DataKeys } from '../reads.ts';
import { surprisingValue } from '../scalars.ts';
import { readsOfTemplate, type Subject } from '../subject.ts';
import { spanOf } from '../text.ts';

export function* checkValues(subject: Subject): Generator<Finding> {
  const { valuesDocument, templates } = subject;
  if (valuesDocument === undefined) return;
  yield* surprisingScalars(subject);
  yield* unknownValues(subject, valuesDocument);
  // What a template that cannot be parsed would read is not known.
  if (templates.every(({ trees }) => trees !== undefined)) yield* unreadValues(subject, valuesDocument);
}

/** Values that are not what they look like, where they are not wanted as just that. */
function* surprisingScalars({ values }: Subject): Generator<Finding> {
  for (const { path, node } of scalarsIn(values.contents, [])) {
    if (node.type !== 'PLAIN' || node.source === undefined) continue;
    const value = surprisingValue(node.source);
    let form: ValueForm | undefined = valuesForm;
    for (const key of path) form = formAt(form, key);
    if (value === undefined || (typeof value === 'boolean' && form === 'bool')) continue;
    const message = `${path.join('.')}: ${node.source} is ${String(value)} to YAML 1.1`;
    yield finding('yaml-scalar', message, values.placeOf(spanOf(node)), `Write "${node.source}" if text is meant.`);
  }
}

function* scalarsIn(node: unknown, path: DataKeys): Generator<{ path: DataKeys; node: Scalar }> {
  if (isScalar(node)) yield { path, node };
  else if (isSeq(node))
    for (const [index, item] of node.items.entries()) yield* scalarsIn(item, [...path, String(index)]);
  else if (isMap(node)) {
    for (const { key, value } of node.items) yield* scalarsIn(value, [...path, isScalar(key) ? String(key.value) : '']);
  }
}

function* unknownValues({ templates }: Subject, document: JsonRecord): Generator<Finding> {
  for (const template of templates) {
    if (template.isController) continue;
    const seen = new Set<number>();
    for (const { path, at, isTolerant } of readsOfTemplate(template).reads) {
      if (isTolerant || path[0] !== 'Values' || path.length < 2 || seen.has(at.start)) continue;
      const missing = firstMissing(document, path.slice(1));
      if (missing === undefined) continue;
      seen.add(at.start);
      const message = `template "${template.name}" reads .${path.join('.')}, and the values have no ${missing.path.join('.')}`;
      yield finding(
        'unknown-value',
        message,
        template.source.placeOf(at),
        proposal(nearest(missing.key, missing.siblings)),
      );
    }
  }
}

interface MissingValue {
  readonly path: DataKeys;
  readonly key: string;
  readonly siblings: readonly string[];
}

/** The first key of a path that is not there. What is computed, and what stands in lists, is not looked at. */
function firstMissing(document: JsonRecord, path: DataKeys): MissingValue | undefined {
  let value: unknown = document;
  for (const [index, key] of path.entries()) {
    if (key === anyElement || Array.isArray(value)) return undefined;
    const siblings = isRecord(value) ? value : {};
    if (!Object.hasOwn(siblings, key)) return { path: path.slice(0, index + 1), key, siblings: Object.keys(siblings) };
    value = siblings[key];
  }
  return undefined;
}

/** Values that only Istio's charts read, beside those whose types are known. */
const chartValues: readonly DataKeys[] = [
  ['global', 'networkPolicy'],
  ['global', 'resourceScope'],
  ['global', 'trustBundleName'],
  ['global', 'proxy', 'tracer'],
  ['global', 'proxy_init', 'forceApplyIptables'],
  ['global', 'tracer'],
  ['global', 'waypoint'],
  ...['ambient', 'chained', 'cniBinDir', 'cniConfDir', 'cniConfFileName', 'resources'].map((key) => [
    'pilot',
    'cni',
    key,
  ]),
];

function* unreadValues({ templates, values }: Subject, document: JsonRecord): Generator<Finding> {
  const reads = templates.flatMap((template) => readsOfTemplate(template).reads);
  const read = reads
    .filter(({ path }) => path[0] === 'Values')
    .map(({ path, isPassed }) => ({ path: path.slice(1), isPassed }));
  const isRead = (path: DataKeys): boolean =>
    read.some((one) => isPrefix(path, one.path) || (!one.isPassed && isPrefix(one.path, path)));
  for (const path of unreadIn(document, [], isRead, valuesForm)) {
    const key = path.at(-1) ?? '';
    const known = [...siblingsRead(read, path), ...formKeys(path.slice(0, -1))];
    const message = `nothing reads ${path.join('.')}`;
    yield finding('unread-value', message, values.placeOfPath(path, 'key'), proposal(nearest(key, known)));
  }
}

/** The topmost values that are not read and that Istio does not know. */
function* unreadIn(
  value: JsonRecord,
  path: DataKeys,
  isRead: (path: DataKeys) => boolean,
  form: ValueForm | undefined,
): Generator<DataKeys> {
  for (const [key, item] of Object.entries(value)) {
    const here = [...path, key];
    const own = formAt(form, key);
    if (chartValues.some((known) => isPrefix(known, here))) continue;
    if (isRecord(item) && Object.keys(item).length > 0 && (isRead(here) || typeof own === 'object')) {
      yield* unreadIn(item, here, isRead, own);
    } else if (own === undefined && !isRead(here)) {
      yield here;
    }
  }
}

/** The form of an entry; what stands in maps of any form has any, too. */
function formAt(form: ValueForm | undefined, key: string): ValueForm | undefined {
  if (form === undefined || typeof form === 'object')
    return form !== undefined && Object.hasOwn(form, key) ? form[key] : undefined;
  return 'any';
}

function formKeys(path: DataKeys): string[] {
  let form: ValueForm | undefined = valuesForm;
  for (const key of path) form = formAt(form, key);
  return typeof form === 'object' ? Object.keys(form) : [];
}

function siblingsRead(read: readonly { readonly path: DataKeys }[], path: DataKeys): string[] {
  const before = path.slice(0, -1);
  return read
    .filter((one) => one.path.length >= path.length && before.every((key, index) => key === one.path[index]))
    .map((one) => one.path[before.length] ?? '');
}
