/** The text of where a field comes from. */
import type { FieldProvenance, Source, TemplatePlace } from '../explanation/provenance/index.ts';
import { sourceText } from '../explanation/provenance/index.ts';
import type { ObjectField } from '../workloads/explain-field.ts';
import type { Paint } from './explain-report.ts';

/** Writes the answer for one pod, with a newline at its end. */
export function renderField({ subject, answer }: ObjectField, paint: Paint): string {
  const { kind, name, namespace } = subject;
  const what = paint.bold(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`.trim());
  if (!answer.found) return `${what}: ${paint.yellow(answer.problem)}\n`;
  return `${what}\n${answer.fields.map((field) => fieldText(field, paint)).join('')}`;
}

function fieldText(
  { path, explanation, template, values, conditions, consulted }: FieldProvenance,
  paint: Paint,
): string {
  return [
    `  ${paint.bold(path)}`,
    `    ${explanation}`,
    ...row(
      'template',
      template === undefined ? [] : template.places.map((place) => placeText(template.name, place)),
      paint,
    ),
    ...row('value from', texts(values), paint),
    ...row('decided by', texts(conditions), paint),
    ...row('also asked', texts(consulted), paint),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const texts = (sources: readonly Source[]): string[] => sources.map(sourceText);

function placeText(template: string, { line, column, calledFrom = [] }: TemplatePlace): string {
  const callers = calledFrom.length === 0 ? '' : ` (called from line ${calledFrom.join(', ')})`;
  return `${template}:${String(line)}:${String(column)}${callers}`;
}

/** One item a line, the name of the row before the first. */
function row(name: string, items: readonly string[], paint: Paint): string[] {
  return items.map((item, index) => `    ${paint.dim((index === 0 ? name : '').padEnd(10))}  ${item}`);
}
