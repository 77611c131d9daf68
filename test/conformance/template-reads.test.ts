/** What a template does not read, as the analysis has it, never changes what it renders. */
import { describe, expect, it } from 'vitest';
import {
  projectionOf,
  renderTemplate,
  templateReads,
  TemplateError,
  type Project,
} from '../../src/gotemplate/index.ts';
import { mutate, randomNumbers } from '../support/mutate.ts';
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
