import { expect, it } from 'vitest';
import { renderTemplate } from '../../../src/gotemplate/index.ts';

const options = { dataKind: 'json' } as const;

it('writes a map anew after a template has changed it', () => {
  const template = '{{ toYaml .m }}{{ $_ := set .m "a" "changed" }}{{ toYaml .m }}';
  expect(renderTemplate(template, { m: { a: 'first' } }, options)).toBe('a: first\na: changed\n');
});

it('writes frozen maps of the same shape each by its own content', () => {
  const frozen = (a: string): object => Object.freeze({ m: Object.freeze({ a }) });
  for (const text of ['one', 'two', 'one']) {
    expect(renderTemplate('{{ toYaml .m }}{{ toYaml .m }}', frozen(text), options)).toBe(`a: ${text}\na: ${text}\n`);
  }
});
