import { describe, expect, it } from 'vitest';
import { renderTemplate, TemplateError } from '../../src/gotemplate/index.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

interface Case {
  readonly id: string;
  readonly category: string;
  readonly template: string;
  readonly dataKind: 'json' | 'injection';
  readonly data: unknown;
  readonly expect: { readonly output?: string; readonly error?: string; readonly phase?: 'parse' | 'exec' };
}

const CORPUS = 'conformance/templates/templates.jsonl';
/** The only variable that the corpus' templates read (see its README). */
const env = { OUTRIGGER_TEST_ENV: 'hello' };

function run({ template, data, dataKind }: Case): Case['expect'] {
  try {
    return { output: renderTemplate(template, data, { dataKind, env }) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { error: error.message, phase: error.phase };
  }
}

describeShared('templates run as by Go, sprig and Istio', CORPUS, () => {
  const cases = sharedLines<Case>(CORPUS);
  describe.each([...new Set(cases.map(({ category }) => category))])('%s', (category) => {
    it.each(cases.filter((one) => one.category === category))('$id', (one) => {
      expect(run(one)).toEqual(one.expect);
    });
  });
});
