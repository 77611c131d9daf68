/** The text of templates: syntax, functions, fields of the data, definitions. */
import { builtinFunctions } from '../../gotemplate/builtins/index.ts';
import { templateFunctions } from '../../gotemplate/functions/index.ts';
import { injectionDataType } from '../../gotemplate/injection-data.ts';
import type { Node } from '../../gotemplate/parse/nodes.ts';
import type { GoType } from '../../gotemplate/types.ts';
import { finding, type Finding } from '../finding.ts';
import { nearest, proposal } from '../nearest.ts';
import { nodesIn } from '../nodes.ts';
import { anyElement, type DataKeys } from '../reads.ts';
import { readsOfTemplate, type Subject, type Template } from '../subject.ts';

export function* checkTemplates({ templates }: Subject): Generator<Finding> {
  for (const template of templates) {
    yield* syntax(template);
    if (template.trees === undefined) continue;
    yield* unsteadyFunctions(template);
    if (template.isController) continue;
    yield* unknownFields(template);
    yield* unknownTemplates(template);
  }
}

function* syntax({ name, problems, source }: Template): Generator<Finding> {
  for (const { rule, message, at, name: called } of problems) {
    const fix = called === undefined ? undefined : proposal(nearestFunction(called));
    yield finding(rule, `template "${name}": ${message}`, source.placeOf(at), fix);
  }
}

function nearestFunction(name: string): string | undefined {
  return nearest(name, [...templateFunctions.keys(), ...builtinFunctions.keys()]);
}

/** Functions whose result differs between two calls, and why. */
const unsteady: Readonly<Record<string, string>> = {
  ...named('the time', ['now', 'date', 'ago', 'dateInZone', 'date_in_zone', 'htmlDate', 'htmlDateInZone']),
  ...named('chance', [
    'randAlphaNum',
    'randAlpha',
    'randAscii',
    'randNumeric',
    'randBytes',
    'randInt',
    'uuidv4',
    'shuffle',
  ]),
  ...named('chance', ['genPrivateKey', 'genCA', 'genCAWithKey', 'genSelfSignedCert', 'genSelfSignedCertWithKey']),
  ...named('chance', ['genSignedCert', 'genSignedCertWithKey', 'bcrypt', 'htpasswd', 'encryptAES']),
  ...named('the environment of the control plane', ['env', 'expandenv', 'getHostByName']),
  ...named('the order of a map, which Go shuffles', ['keys', 'values']),
};

function named(what: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, what]));
}

/** Functions after which the order of a list no longer matters. */
const ordering = new Set(['sortAlpha', 'len', 'has', 'mustHas', 'empty', 'not']);

function* unsteadyFunctions({ name, source, trees }: Template): Generator<Finding> {
  for (const node of nodesOf(trees)) {
    if (node.kind !== 'pipe') continue;
    for (const [index, { args }] of node.commands.entries()) {
      const [word] = args;
      if (word?.kind !== 'identifier' || !Object.hasOwn(unsteady, word.name)) continue;
      const what = unsteady[word.name] ?? '';
      const isSorted = node.commands
        .slice(index + 1)
        .some(({ args: [next] }) => next?.kind === 'identifier' && ordering.has(next.name));
      // A date with an argument is of that time.
      const isOfGivenTime = what === 'the time' && word.name !== 'now' && word.name !== 'ago';
      if ((isSorted && what.startsWith('the order')) || isOfGivenTime) continue;
      const at = { start: word.pos, end: word.pos + word.name.length };
      yield finding('nondeterministic', `template "${name}": ${word.name} depends on ${what}`, source.placeOf(at));
    }
  }
}

function* nodesOf(trees: Template['trees']): Generator<Node> {
  for (const tree of trees?.values() ?? []) yield* nodesIn(tree);
}

function* unknownFields(template: Template): Generator<Finding> {
  for (const { path, at } of readsOfTemplate(template).reads) {
    const problem = unknownField(path);
    if (problem === undefined) continue;
    const { type, field, known } = problem;
    const message = `template "${template.name}": ${type} has no field ${field}`;
    yield finding('unknown-field', message, template.source.placeOf(at), proposal(nearest(field, known)));
  }
}

interface UnknownField {
  readonly type: string;
  readonly field: string;
  readonly known: readonly string[];
}

/** The first key of a path that the Go type before it does not have. */
function unknownField(path: DataKeys): UnknownField | undefined {
  let type: GoType = injectionDataType;
  for (const key of path) {
    while (type.kind === 'ptr' && methodOf(type, key) === undefined) type = type.elem;
    if (type.kind === 'interface') return undefined;
    const next = methodOf(type, key) ?? childOf(type, key);
    if (next === undefined) {
      const known = type.kind === 'struct' ? [...type.fields.keys(), ...type.methods.keys()] : [];
      return { type: path[0] === key ? 'the template data' : `a ${type.name}`, field: key, known };
    }
    type = next;
  }
  return undefined;
}

function methodOf(type: GoType, key: string): GoType | undefined {
  const method = type.methods.get(key) ?? (type.kind === 'ptr' ? type.elem.methods.get(key) : undefined);
  return method?.result;
}

function childOf(type: GoType, key: string): GoType | undefined {
  if (type.kind === 'struct') return type.fields.get(key)?.type;
  if (type.kind === 'map') return type.elem;
  if ((type.kind === 'slice' || type.kind === 'array') && (key === anyElement || /^\d+$/.test(key))) return type.elem;
  return undefined;
}

function* unknownTemplates(template: Template): Generator<Finding> {
  const names = [...(template.trees?.keys() ?? [])];
  for (const { name, at } of readsOfTemplate(template).calls) {
    if (names.includes(name)) continue;
    const message = `template "${template.name}" defines no "${name}"`;
    yield finding('unknown-template', message, template.source.placeOf(at), proposal(nearest(name, names)));
  }
}
