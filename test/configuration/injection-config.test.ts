import { describe, expect, it } from 'vitest';
import { ConfigurationError, decodeInjectionConfig } from '../../src/configuration/index.ts';

const decode = (text: string) => decodeInjectionConfig({ file: 'config.yaml', text });
const failureOf = (text: string): ConfigurationError => {
  try {
    decode(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
};

describe('the injection configuration', () => {
  it('is nearly nothing when it is empty', () => {
    const config = decode('');
    expect(config).toMatchObject({ policy: '', neverInject: [], alwaysInject: [], defaultTemplates: ['sidecar'] });
    expect([config.templates.size, { ...config.aliases }, { ...config.injectedAnnotations }]).toEqual([0, {}, {}]);
  });

  it('matches keys without regard to case and ignores those it does not know', () => {
    const config = decode('Policy: enabled\ntemplate: "{{ broken"\nDEFAULTTEMPLATES: [a, b]\nwhatever: 1\n');
    expect(config).toMatchObject({ policy: 'enabled', defaultTemplates: ['a', 'b'] });
  });

  it('writes out scalars where text is meant, as YAML readers of Kubernetes do', () => {
    const config = decode(
      'policy: true\ndefaultTemplates: [1, 1.5, null]\ninjectedAnnotations: {a: 1000000, b: no, c: 12345678901234567890}\naliases: {x: [off], z: null}\n',
    );
    expect(config).toMatchObject({ policy: 'true', defaultTemplates: ['1', '1.5', ''] });
    expect({ ...config.injectedAnnotations }).toEqual({ a: '1000000', b: 'false', c: '12345678901234567890' });
    expect({ ...config.aliases }).toEqual({ x: ['false'], z: [] });
  });

  it('reads selectors whose values look like other types', () => {
    const { neverInject } = decode(
      'neverInjectSelector: [{matchLabels: {a: yes}}, {matchExpressions: [{key: b, operator: In, values: [1]}]}, {}]',
    );
    const labels: Record<string, string>[] = [{ a: 'true' }, { b: '1' }, {}];
    expect(neverInject.map(({ matches }) => labels.map((item) => matches(item)))).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, false],
    ]);
  });

  it('compiles every template on its own', () => {
    const { templates } = decode('templates:\n  a: "{{ define `x` }}1{{ end }}"\n  b: "{{ 1 }}"\n  c: null\n');
    expect([...templates.keys()]).toEqual(['a', 'b', 'c']);
    expect(templates.get('b')?.execute(null)).toBe('1');
    expect(templates.get('c')?.execute(null)).toBe('');
  });

  it.each(['__proto__', 'constructor'])('takes a template named %s as any other', (name) => {
    expect(decode(`templates: {${name}: "x"}`).templates.get(name)?.execute(null)).toBe('x');
  });

  it.each([
    ['templates: [a]', 'array into Go struct field Config.templates of type inject.RawTemplates', 1],
    ['policy: {a: b}', 'object into Go struct field Config.policy of type inject.InjectionPolicy', 1],
    ['a: 1\ndefaultTemplates: x', 'string into Go struct field Config.defaultTemplates of type []string', 2],
    ['aliases: {a: x}', 'object into Go struct field Config.aliases', 1],
    ['injectedAnnotations: {a: [1]}', 'object into Go struct field Config.injectedAnnotations', 1],
    ['neverInjectSelector: {}', 'object into Go struct field Config.neverInjectSelector of type []v1.LabelSelector', 1],
    ['alwaysInjectSelector: [{matchLabels: 5}]', 'json: cannot unmarshal', 1],
    ['[]', 'array into Go value of type inject.Config', 1],
  ])('refuses %j', (text, message, line) => {
    const error = failureOf(text);
    expect(error.detail).toMatch(/^failed to unmarshal injection template: /);
    expect(error.detail).toContain(message);
    expect([error.file, error.line]).toEqual(['config.yaml', line]);
  });

  it('says where the YAML is broken', () => {
    const error = failureOf('policy: enabled\ntemplates:\n\ta: b\n');
    expect(error.detail).toContain('failed to unmarshal injection template: ');
    expect(error.line).toBe(3);
    expect(error.message).toMatch(/^config\.yaml:3:/);
  });

  it('says where in the file a template is broken', () => {
    const error = failureOf('policy: enabled\ntemplates:\n  ok: x\n  sidecar: |\n    one\n    two {{ nofunc }}\n');
    expect(error.detail).toBe('template "sidecar": template: inject:2: function "nofunc" not defined');
    expect(error.line).toBe(6);
  });

  it('says on which line a template begins that is not a literal block', () => {
    expect(failureOf('templates:\n  ok: x\n  sidecar: "a\\n{{ nofunc }}"\n').line).toBe(3);
    expect(failureOf('templates: &t\n  sidecar: "{{ nofunc }}"\nother: *t\n').line).toBe(2);
  });
});
