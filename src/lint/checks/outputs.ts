/** What templates write: fields that pods do not have, scalars that change, text that is missing. */
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, Scalar, YAMLMap } from 'yaml';
import { childType, podType, type FieldType } from '../../explanation/provenance/field-path.ts';
import { flattenFields, parseGoType, typeDefinition } from '../../kubernetes/index.ts';
import { finding, type Finding } from '../finding.ts';
import { nearest, proposal } from '../nearest.ts';
import type { Output } from '../outputs.ts';
import { hasField, isDirective } from '../pod-fields.ts';
import type { RuleId } from '../rules.ts';
import { surprisingValue } from '../scalars.ts';
import type { Subject, Template } from '../subject.ts';
import { spanOf, type Span } from '../text.ts';

/** Something that is wrong in an output. */
interface Problem {
  readonly rule: RuleId;
  readonly message: string;
  readonly at: Span;
  readonly fix?: string;
}

/** Checks one output; `seen` holds what was found in others. */
export function* checkOutput({ templates }: Subject, output: Output, seen: Set<string>): Generator<Finding> {
  const template = templates.find(({ name }) => name === output.template);
  if (template === undefined) return;
  for (const { rule, message, at, fix } of problemsIn(output)) {
    const key = JSON.stringify([rule, output.template, message]);
    if (seen.has(key)) continue;
    seen.add(key);
    const source = output.sourceOf(at);
    const place =
      source === undefined ? template.source.placeOf({ start: 0, end: 1 }) : template.source.placeOf(source);
    yield finding(rule, `template "${output.template}" ${message}`, place, fix);
  }
  yield* unquotedValues(template, output, seen);
}

function* problemsIn(output: Output): Generator<Problem> {
  const { text } = output;
  yield* missingText(text.text);
  yield* extraDocuments(text.text);
  yield* walk(text.contents, podType, []);
}

function* missingText(text: string): Generator<Problem> {
  for (const { index, 0: found } of text.matchAll(/<no value>|<nil>/g)) {
    const start = text.lastIndexOf('\n', index) + 1;
    const key = /^[\s-]*(?:([\w./-]+):)?/.exec(text.slice(start))?.[1];
    const where = key === undefined ? '' : ` at "${key}"`;
    yield { rule: 'no-value', message: `writes ${found}${where}`, at: { start: index, end: index + found.length } };
  }
}

function* extraDocuments(text: string): Generator<Problem> {
  const match = /\S\s*\n(---[ \t]*)\n\s*\S/.exec(text);
  if (match?.[1] === undefined || /^\s*(?:#.*\s*)*---/.test(text.slice(0, match.index + match[0].length))) return;
  const start = match.index + match[0].indexOf(match[1]);
  yield { rule: 'extra-document', message: 'writes more than one YAML document', at: { start, end: start + 3 } };
}

/** A map on the way to where the walk is. */
interface Around {
  readonly type: FieldType;
  readonly key: string;
}

function* walk(node: unknown, type: FieldType, around: readonly Around[]): Generator<Problem> {
  if (isMap(node)) yield* walkMap(node, type, around);
  else if (isSeq(node)) for (const item of node.items) yield* walk(item, childType(type, ''), around);
  else if (isScalar(node)) yield* scalarProblems(node, type, around);
}

function* walkMap(map: YAMLMap, type: FieldType, around: readonly Around[]): Generator<Problem> {
  const seen = new Set<string>();
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue;
    const name = textOf(key);
    if (seen.has(name) && name !== '<<') {
      yield { rule: 'duplicate-key', message: `writes the key "${name}" twice in the same map`, at: spanOf(key) };
    }
    seen.add(name);
    if (isDirective(name)) continue;
    if (type.kind === 'struct' && !hasField(type.type, name)) {
      yield unknownField(name, map, type, around, spanOf(key));
      continue;
    }
    yield* walk(value, childType(type, name), [...around, { type, key: name }]);
  }
}

const textOf = ({ value, source }: Scalar): string => (typeof value === 'string' ? value : (source ?? String(value)));

function unknownField(name: string, map: YAMLMap, type: FieldType, around: readonly Around[], at: Span): Problem {
  const shown = [...around.map(({ key }) => key), name].join('.');
  const known = flattenFields(type.type).map(({ json }) => json);
  const fix = misplacement(name, map, type, around) ?? proposal(nearest(name, known));
  return {
    rule: 'unknown-pod-field',
    message: `writes ${shown}, which is no field of ${type.type.replace(/^v1\./, '')}`,
    at,
    fix,
  };
}

/** Where the field would be known: around, then it stands too far to the right; below its neighbours, then too far to the left. */
function misplacement(name: string, map: YAMLMap, type: FieldType, around: readonly Around[]): string | undefined {
  const below = map.items.findLast(({ key }) => {
    if (!isScalar(key)) return false;
    const element = elementOf(childType(type, textOf(key)));
    return element.kind === 'struct' && hasField(element.type, name);
  });
  if (below !== undefined && isScalar(below.key)) {
    return `It belongs below "${textOf(below.key)}": indent it further (nindent, indent).`;
  }
  const outside = around.findLast((one) => one.type.kind === 'struct' && hasField(one.type.type, name));
  if (outside === undefined) return undefined;
  return `It belongs beside "${outside.key}": indent it less (nindent, indent).`;
}

const elementOf = (type: FieldType): FieldType => (type.kind === 'list' ? childType(type, '') : type);

/** Kinds of fields that take a number without a word; of others the merge says what does not fit. */
const readsNumbers = /^(?:quantity|intOrString|u?int(?:32|64)?)$/;

/** Rights of files are octal for everybody. */
const octalFields: ReadonlySet<string> = new Set(['defaultMode', 'mode']);

function* scalarProblems(node: Scalar, type: FieldType, around: readonly Around[]): Generator<Problem> {
  if (node.type !== 'PLAIN' || node.source === undefined) return;
  const kind = typeDefinition(type.type)?.kind ?? type.type;
  if (!readsNumbers.test(kind) || octalFields.has(around.at(-1)?.key ?? '')) return;
  const value = surprisingValue(node.source);
  if (value === undefined) return;
  const shown = around.map(({ key }) => key).join('.');
  yield {
    rule: 'yaml-scalar',
    message: `writes ${shown}: ${node.source}, which YAML reads as ${String(value)}`,
    at: spanOf(node),
  };
}

/** Plain text that is all from values, annotations or labels, in fields of text. */
function* unquotedValues(template: Template, output: Output, seen: Set<string>): Generator<Finding> {
  const key = JSON.stringify(['unquoted-value', output.template]);
  if (seen.has(key)) return;
  seen.add(key);
  const recording = output.recording();
  if (recording === undefined) return;
  for (const node of plainTexts(output.text.contents, podType)) {
    const { start, end } = spanOf(node);
    const writer = recording.output.written.find(
      (item) => item.kind === 'action' && item.start <= start && item.end >= end,
    );
    const read = [...(writer?.reads ?? [])].map((path) => path.keys).find(isOfPeople);
    const at = writer === undefined ? undefined : output.sourceOf({ start, end });
    if (read === undefined || at === undefined || quoting.test(template.source.text.slice(at.start, at.end))) continue;
    const message = `template "${output.template}" writes .${read.join('.')} without quotes`;
    yield finding('unquoted-value', message, template.source.placeOf(at));
  }
}

/** Functions that write YAML or JSON, with quotes where they are needed. */
const quoting = /\bto(?:Yaml|Json|JSON|RawJson|PrettyJson|JsonMap)\b/;

/** What people write: values, annotations and labels. */
function isOfPeople([part = '', map = '']: readonly string[]): boolean {
  return part === 'Values' || (part === 'ObjectMeta' && (map === 'Annotations' || map === 'Labels'));
}

function* plainTexts(node: Node | unknown, type: FieldType): Generator<Scalar> {
  if (isMap(node)) {
    for (const { key, value } of node.items) if (isScalar(key)) yield* plainTexts(value, childType(type, textOf(key)));
  } else if (isSeq(node)) {
    for (const item of node.items) yield* plainTexts(item, childType(type, ''));
  } else if (isScalar(node) && node.type === 'PLAIN' && isText(type)) {
    yield node;
  }
}

function isText({ type }: FieldType): boolean {
  const parsed = type === '' ? undefined : parseGoType(type);
  return parsed?.kind === 'named' && (parsed.name === 'string' || typeDefinition(parsed.name)?.kind === 'string');
}
