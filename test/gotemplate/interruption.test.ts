import { describe, expect, it } from 'vitest';
import { compileTemplate, Interrupted, TemplateError } from '../../src/gotemplate/index.ts';

/** Renders and adds up what the execution says it did. */
function spend(text: string, limit = Infinity): { output?: string; error?: unknown; steps: number; reports: number } {
  let steps = 0;
  let reports = 0;
  const context = {
    spend: (more: number) => {
      steps += more;
      reports += 1;
      if (steps > limit) throw new Interrupted();
    },
  };
  try {
    return { output: compileTemplate(text).execute({}, context), steps, reports };
  } catch (error) {
    return { error, steps, reports };
  }
}

describe('an execution that reports its work', () => {
  it('tells the steps of a short template once, at its end', () => {
    const { output, steps, reports } = spend('{{ range list 1 2 3 }}{{ . }}{{ end }}');
    expect(output).toBe('123');
    expect(reports).toBe(1);
    expect(steps).toBeGreaterThan(4);
    expect(steps).toBeLessThan(20);
  });

  it('tells those of a long one while it runs, in proportion to the work', () => {
    const one = spend('{{ range until 10000 }}{{ . }}{{ end }}');
    const two = spend('{{ range until 20000 }}{{ . }}{{ end }}');
    expect(one.reports).toBeGreaterThan(2);
    expect(two.steps / one.steps).toBeCloseTo(2, 1);
  });

  it('ends where it is interrupted, with nothing but the interruption', () => {
    const { error, steps } = spend('{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}', 20_000);
    expect(error).toBeInstanceOf(Interrupted);
    expect(steps).toBeLessThan(30_000);
  });

  it('still ends by itself when nobody interrupts it', () => {
    const { error } = spend('{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}');
    expect(error).toBeInstanceOf(TemplateError);
    expect(String(error)).toContain('execution takes more than 5000000 steps');
  });
});
