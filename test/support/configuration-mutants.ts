/** Seeded mistakes in templates and values: what a hand slips into, one at a time. */
import type { Environment } from './injection-corpus.ts';

type Random = (below: number) => number;

/** Kinds of mistakes. */
export const mutantKinds = [
  'delete-line',
  'duplicate-line',
  'rename',
  'delete-end',
  'indent',
  'delete-block',
  'value',
  'type',
  'delete-value',
  'rename-value',
  'change-value',
  'retype-value',
] as const;

export type MutantKind = (typeof mutantKinds)[number];

/** A configuration with one mistake. */
export interface Mutant {
  readonly kind: MutantKind;
  /** What was done, for people. */
  readonly what: string;
  readonly config: string;
  readonly values: string;
}

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T;

/** Templates that need data which only a gateway controller has: no pod can ask for them. */
const notForPods = ['waypoint', 'kube-gateway', 'agentgateway'];

/** Numbers of the lines that stand in templates which pods can ask for. */
function templateLines(lines: readonly string[]): number[] {
  const numbers: number[] = [];
  let inTemplates = false;
  let wanted = false;
  for (const [number, line] of lines.entries()) {
    const top = /^([A-Za-z]\w*):/.exec(line);
    if (top !== null) inTemplates = top[1] === 'templates';
    const name = /^ {2}([\w-]+):/.exec(line)?.[1];
    if (inTemplates && name !== undefined) wanted = !notForPods.includes(name);
    if (inTemplates && wanted && line.trim() !== '') numbers.push(number);
  }
  return numbers;
}

/** A mutant; undefined where the mistake cannot be made at the place that chance chose. */
export function mutate(environment: Environment, random: Random): Mutant | undefined {
  const kind = pick(random, mutantKinds);
  const { config, values } = environment;
  if (kind.endsWith('-value')) {
    const changed = mutateValues(values, kind, random);
    return changed && { kind, ...changed, config };
  }
  const lines = config.split('\n');
  const changed = mutateLine(lines, pick(random, templateLines(lines)), kind, random);
  return changed === undefined ? undefined : { kind, what: changed, config: lines.join('\n'), values };
}

const indentOf = (line: string): number => line.search(/\S|$/);

/** Changes the lines in place. */
function mutateLine(lines: string[], number: number, kind: MutantKind, random: Random): string | undefined {
  const line = lines[number] ?? '';
  const replace = (text: string): string | undefined => {
    if (text === line) return undefined;
    lines[number] = text;
    return `line ${number + 1}: ${line.trim()} → ${text.trim()}`;
  };
  switch (kind) {
    case 'delete-line':
      lines.splice(number, 1);
      return `line ${number + 1} deleted: ${line.trim()}`;
    case 'duplicate-line':
      lines.splice(number, 0, line);
      return `line ${number + 1} doubled: ${line.trim()}`;
    case 'rename':
      return replace(renameWord(line, random));
    case 'delete-end':
      return replace(line.replace(/\{\{-?\s*end\s*-?\}\}/, ''));
    case 'indent':
      return replace(random(2) === 0 ? `  ${line}` : line.replace(/^ {2}/, ''));
    case 'delete-block': {
      let end = number + 1;
      while (end < lines.length && indentOf(lines[end] ?? '') > indentOf(line)) end++;
      lines.splice(number, end - number);
      return `lines ${number + 1}-${end} deleted: ${line.trim()}`;
    }
    case 'value':
      return replace(
        line.replace(
          /(:\s+|- )("?)([\w./-]+)\2\s*$/,
          (_, before: string, quote: string, text: string) => `${before}${quote}${otherScalar(text)}${quote}`,
        ),
      );
    default: {
      const types = ['true', '7', '[]', '{}', '~', '"text"', '[a, b]'];
      return replace(
        line.replace(/^(\s*(?:- )?[\w.-]+:)\s+\S.*$/, (_, key: string) => `${key} ${pick(random, types)}`),
      );
    }
  }
}

function otherScalar(text: string): string {
  if (text === 'true' || text === 'false') return text === 'true' ? 'false' : 'true';
  return /^\d+$/.test(text) ? String(Number(text) + 1) : `${text}x`;
}

/** A word of the line gets another letter: a key, a field, a function, a literal. */
function renameWord(line: string, random: Random): string {
  const words = [...line.matchAll(/[A-Za-z][A-Za-z]{2,}/g)];
  if (words.length === 0) return line;
  const word = pick(random, words);
  const at = word.index + random(word[0].length);
  const letter = line[at] === 'x' ? 'y' : 'x';
  return line.slice(0, at) + letter + line.slice(at + 1);
}

type Slot = { readonly holder: Record<string, unknown>; readonly key: string; readonly path: string };

function mutateValues(text: string, kind: MutantKind, random: Random): { values: string; what: string } | undefined {
  const document = JSON.parse(text) as Record<string, unknown>;
  const slots: Slot[] = [];
  collect(document, '', slots);
  if (slots.length === 0) return undefined;
  const { holder, key, path } = pick(random, slots);
  const value = holder[key];
  switch (kind) {
    case 'delete-value':
      Reflect.deleteProperty(holder, key);
      break;
    case 'rename-value':
      Reflect.deleteProperty(holder, key);
      holder[`${key}x`] = value;
      break;
    case 'change-value':
      if (typeof value === 'string') holder[key] = otherScalar(value);
      else if (typeof value === 'number') holder[key] = value + 1;
      else if (typeof value === 'boolean') holder[key] = !value;
      else return undefined;
      break;
    default:
      holder[key] = pick<unknown>(
        random,
        ['text', 5, true, null, {}, [], { a: 'b' }, ['a']].filter(
          (other) => typeof other !== typeof value || Array.isArray(other) !== Array.isArray(value),
        ),
      );
  }
  return {
    values: JSON.stringify(document, null, 2),
    what: `${kind} ${path}: ${JSON.stringify(value)} → ${JSON.stringify(holder[key])}`,
  };
}

function collect(holder: Record<string, unknown>, path: string, slots: Slot[]): void {
  for (const [key, value] of Object.entries(holder)) {
    const at = path === '' ? key : `${path}.${key}`;
    slots.push({ holder, key, path: at });
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      collect(value as Record<string, unknown>, at, slots);
  }
}
