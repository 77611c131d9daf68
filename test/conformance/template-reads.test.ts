/** What a template does not read, as the analysis has it, never changes what it renders. */
import { describe, expect, it } from 'vitest';
import {
  projectionOf,
  renderTemplate,
  templateReads,
  TemplateError,
  type Project,
} from '../../src/gotemplate/index.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

interface Case {
  readonly id: string;
  readonly category: string;
  readonly template: string;
  readonly dataKind: 'json' | 'injection';
  readonly data: unknown;
}

const CORPUS = 'conformance/templates/templates.jsonl';
const MUTATIONS = 12;

function run(template: string, data: unknown, dataKind: Case['dataKind']): string {
  try {
    return renderTemplate(template, data, { dataKind });
  } catch (error) {
    if (error instanceof TemplateError) return `error: ${error.message}`;
    throw error;
  }
}

/** Numbers from a seed (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

type Container = Record<string, unknown> | unknown[];

/** All maps and lists of some data, with the path's first key. */
function containersOf(data: unknown, skip: ReadonlySet<string>): Container[] {
  const found: Container[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    found.push(value as Container);
    for (const [key, item] of Object.entries(value)) if (value !== data || !skip.has(key)) collect(item);
  };
  collect(data);
  return found;
}

/** Changes, adds or removes one thing somewhere; the kinds of typed data are kept. */
function mutate(data: unknown, random: (below: number) => number, skip: ReadonlySet<string>): void {
  const containers = containersOf(data, skip);
  const container = containers[random(containers.length)];
  if (container === undefined) return;
  const keys = Object.keys(container).filter((key) => container !== data || !skip.has(key));
  const key = keys[random(keys.length || 1)];
  if (key === undefined) return;
  const slot = container as Record<string, unknown>;
  const value = slot[key];
  const choice = random(4);
  if (choice === 0 && !Array.isArray(container)) Reflect.deleteProperty(slot, key);
  else if (typeof value === 'string') slot[key] = ['', `${value}x`, '"', 'true'][choice];
  else if (typeof value === 'number') slot[key] = value + choice;
  else if (typeof value === 'boolean') slot[key] = !value;
  else if (Array.isArray(value) && choice === 1) value.pop();
  else if (Array.isArray(value) && value.length > 0) value.push(structuredClone(value[0]));
  else if (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => typeof item === 'string')
  )
    (value as Record<string, unknown>)['added'] = 'x';
}

/** Messages are read by their identity, not by their text. */
const messages = new Set(['ProxyConfig', 'MeshConfig']);

function projectData({ template, dataKind }: Case): { project: Project; usesContext: boolean } {
  const { root, usesContext } = templateReads(template, { dataKind });
  if (dataKind === 'json') return { project: projectionOf(root), usesContext };
  const parts = [...root.children.values()].filter(({ key }) => typeof key === 'string' && !messages.has(key));
  const project: Project = (data) =>
    root.isWhole
      ? JSON.stringify(data)
      : parts.map((place) => projectionOf(place)((data as Record<string, unknown>)[place.key as string])).join('|');
  return { project, usesContext };
}

describeShared('what a template does not read does not change its output', CORPUS, () => {
  const cases = sharedLines<Case>(CORPUS);
  describe.each([...new Set(cases.map(({ category }) => category))])('%s', (category) => {
    it.each(cases.filter((one) => one.category === category))('$id', (one) => {
      let unread = 0;
      let reads: ReturnType<typeof projectData>;
      try {
        reads = projectData(one);
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
        return;
      }
      if (reads.usesContext) return;
      const random = randomNumbers(Number(one.id.replace(/\D/g, '')));
      const skip = one.dataKind === 'injection' ? messages : new Set<string>();
      const known = new Map([[reads.project(one.data), run(one.template, one.data, one.dataKind)]]);
      for (let i = 0; i < MUTATIONS; i++) {
        const data = structuredClone(one.data);
        for (let changes = random(3); changes >= 0; changes--) mutate(data, random, skip);
        const key = reads.project(data);
        const before = known.get(key);
        const output = run(one.template, data, one.dataKind);
        if (before === undefined) known.set(key, output);
        else {
          unread++;
          expect(output).toBe(before);
        }
      }
      expect(unread + known.size).toBe(MUTATIONS + 1);
    });
  });
});
