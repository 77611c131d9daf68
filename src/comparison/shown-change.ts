/**
 * Changes as people may see them: without values of the pods' own environment variables, without what differs from pod to pod where
 * the difference does not matter, and of documents in strings only what changes.
 */
import { hideValuesOf } from '../explanation/index.ts';
import { workloadOfPod } from '../injection/index.ts';
import type { FieldPath } from '../explanation/provenance/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { isRecord, setOwn, type JsonRecord } from '../yaml/index.ts';
import type { Change } from './change.ts';
import type { Outcome } from './outcome.ts';

/** A change that holds no secret of a pod; values are JSON. */
export type ShownChange = Omit<Change, 'steps'>;

/** Stands for what is not shown. */
export const hiddenValue = '…';

/** What decides how the changes of one pod are shown. */
export interface ShownPod {
  /** As it was sent. */
  readonly pod: Pod;
  /** What became of it on both sides. */
  readonly outcomes: readonly Outcome[];
  /** Whether a word stands in one of the configurations, so that it is neither a secret nor a name of the pod alone. */
  readonly isPublic: (word: string) => boolean;
}

/** Makes the function that shows the changes of a pod. */
export function showerOf(shown: ShownPod): (change: Change) => ShownChange {
  const shower = new Shower(shown);
  return (change) => shower.show(change);
}

/** Makes the function that shows a message about a pod. */
export function messageShowerOf(shown: ShownPod): (message: string) => string {
  const shower = new Shower(shown);
  return (message) => shower.text(message);
}

class Shower {
  readonly #hide: (text: string) => string;
  readonly #names: readonly (readonly [name: string, placeholder: string])[];
  /** Names of containers that templates bring. */
  readonly #injected: ReadonlySet<string>;
  /** `CONTAINER ENV` of variables that the pod sets itself. */
  readonly #ownVariables: ReadonlySet<string>;

  constructor({ pod, outcomes, isPublic }: ShownPod) {
    this.#hide = hideValuesOf(pod, isPublic);
    this.#names = namesOf(pod).filter(([name]) => name !== '' && !isPublic(name));
    this.#injected = new Set(
      outcomes
        .flatMap((outcome) => (outcome.kind === 'injected' ? containersOf(outcome.injected.templatePod) : []))
        .map(({ name }) => name),
    );
    this.#ownVariables = new Set(
      containersOf(pod).flatMap(({ name, env }) => (env ?? []).map((variable) => `${name} ${variable.name}`)),
    );
  }

  show({ path, steps, kind, from, to }: Change): ShownChange {
    if (kind === 'order') return { path, kind, from, to };
    const [shownFrom, shownTo] =
      kind === 'changed' && typeof from === 'string' && typeof to === 'string'
        ? differingParts(from, to)
        : [abbreviated(from), abbreviated(to)];
    return {
      path,
      kind,
      ...(from !== undefined && { from: this.#value(shownFrom, steps) }),
      ...(to !== undefined && { to: this.#value(shownTo, steps) }),
    };
  }

  text(text: string): string {
    return this.#names.reduce((rest, [name, placeholder]) => replaceWord(rest, name, placeholder), this.#hide(text));
  }

  #value(value: unknown, steps: FieldPath): unknown {
    if (typeof value === 'string') return this.#hidesValueAt(steps) ? hiddenValue : this.text(value);
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => this.#value(item, [...steps, elementName(item, index)]));
    }
    if (!isRecord(value)) return value;
    const shown: JsonRecord = {};
    for (const [key, item] of Object.entries(value)) setOwn(shown, key, this.#value(item, [...steps, key]));
    return shown;
  }

  /** Of containers that no template brings all values are the user's, of others those of the variables that the pod itself names. */
  #hidesValueAt([spec, list, container = '', env, variable = '', field]: FieldPath): boolean {
    if (spec !== 'spec' || env !== 'env' || field !== 'value') return false;
    if (list !== 'containers' && list !== 'initContainers' && list !== 'ephemeralContainers') return false;
    return !this.#injected.has(container) || this.#ownVariables.has(`${container} ${variable}`);
  }
}

function containersOf({ spec }: Pod) {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
}

function elementName(item: unknown, index: number): string {
  const name = isRecord(item) && Object.hasOwn(item, 'name') ? item['name'] : undefined;
  return typeof name === 'string' ? name : String(index);
}

/** Labels that Istio takes the canonical name and revision from. */
const nameLabels = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'];
const versionLabels = ['service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version'];

const lookup = (map: Readonly<Record<string, string>> | undefined, key: string): string =>
  map !== undefined && Object.hasOwn(map, key) ? (map[key] ?? '') : '';

/** Names that differ from pod to pod and are part of what templates write; longer ones first, for they may hold shorter ones. */
function namesOf(pod: Pod): [name: string, placeholder: string][] {
  const { metadata, spec } = pod;
  const containers = containersOf(pod).map(({ name }) => name);
  const names: [string, string][] = [
    [workloadOfPod(pod).name, '<workload>'],
    [metadata.name ?? '', '<pod>'],
    [(metadata.generateName ?? '').replace(/-$/, ''), '<pod>'],
    ...nameLabels.map((key): [string, string] => [lookup(metadata.labels, key), '<app>']),
    ...versionLabels.map((key): [string, string] => [lookup(metadata.labels, key), '<version>']),
    [metadata.namespace ?? '', '<namespace>'],
    [spec.serviceAccountName ?? '', '<service account>'],
    [containers.join(','), '<containers>'],
  ];
  return names.sort(([a], [b]) => b.length - a.length);
}

/** Replaces a name where it stands as a word of its own. */
function replaceWord(text: string, word: string, placeholder: string): string {
  if (!text.includes(word)) return text;
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`, 'g'), () => placeholder);
}

/** JSON documents in strings say much of the pod and little of the change that brings or takes them as a whole. */
function abbreviated(value: unknown): unknown {
  if (typeof value === 'string') {
    const document = jsonDocument(value);
    if (document === undefined || value.length <= 4) return value;
    return Array.isArray(document) ? `[${hiddenValue}]` : `{${hiddenValue}}`;
  }
  if (Array.isArray(value)) return value.map(abbreviated);
  if (!isRecord(value)) return value;
  const shown: JsonRecord = {};
  for (const [key, item] of Object.entries(value)) setOwn(shown, key, abbreviated(item));
  return shown;
}

/** Of two JSON documents only the members that differ. */
function differingParts(from: string, to: string): [unknown, unknown] {
  const [before, after] = [jsonDocument(from), jsonDocument(to)];
  if (!isRecord(before) || !isRecord(after)) return [from, to];
  const [left, right] = differingMembers(before, after);
  return [shownDocument(left, before), shownDocument(right, after)];
}

function differingMembers(before: JsonRecord, after: JsonRecord): [JsonRecord, JsonRecord] {
  const [left, right]: [JsonRecord, JsonRecord] = [{}, {}];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before, after].map((side) => (Object.hasOwn(side, key) ? side[key] : undefined));
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    const [oldPart, newPart] = isRecord(old) && isRecord(now) ? differingMembers(old, now) : [old, now];
    if (old !== undefined) setOwn(left, key, oldPart);
    if (now !== undefined) setOwn(right, key, newPart);
  }
  return [left, right];
}

function shownDocument(part: JsonRecord, whole: JsonRecord): string {
  const text = JSON.stringify(part);
  if (Object.keys(part).length === Object.keys(whole).length) return text;
  return Object.keys(part).length === 0 ? `{${hiddenValue}}` : `${text.slice(0, -1)},${hiddenValue}}`;
}

function jsonDocument(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
