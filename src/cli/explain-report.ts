/** The text of an explanation: the verdict first, then its reasons, the change that flips it, what is injected, warnings. */
import type pc from 'picocolors';
import type { ContainerSummary, Explanation, InjectionSummary, Input, Step, Verdict } from '../explanation/index.ts';

/** Colours of a screen; without colours its functions return their text. */
export type Paint = ReturnType<typeof pc.createColors>;

const verdictWords: Readonly<Record<Verdict, string>> = {
  injected: 'INJECTED',
  skipped: 'NOT INJECTED',
  denied: 'REFUSED',
  'not-called': 'NOT INJECTED',
};

/** Writes an explanation, with a newline at its end. */
export function renderExplanation(explanation: Explanation, paint: Paint): string {
  const { message, flip, injection, warnings } = explanation;
  return [
    headline(explanation, paint),
    `  ${explanation.summary}`,
    ...(message === undefined ? [] : message.split('\n').map((line) => `  ${paint.red(line)}`)),
    ...(explanation.certain ? [] : [`  ${paint.yellow(uncertain)}`]),
    ...section('Why', stepLines(explanation.steps, paint), paint),
    ...(flip === undefined ? [] : section(flipTitle(explanation.verdict), [flip.text], paint)),
    ...(injection === undefined ? [] : section('What is injected', injectionLines(injection, paint), paint)),
    ...section(
      'Warnings',
      warnings.map((warning) => paint.yellow(warning)),
      paint,
    ),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

const uncertain =
  'Whether the API server sends the pod to the injector is not known: give --namespace-labels or --objects.';

function headline({ subject, verdict, reason, revision }: Explanation, paint: Paint): string {
  const { kind, name, namespace } = subject;
  const what = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`.trim() || 'request';
  const color = verdict === 'injected' ? paint.green : verdict === 'denied' ? paint.red : paint.yellow;
  return `${paint.bold(what)}: ${paint.bold(color(verdictWords[verdict]))} ${paint.dim(`(${reason}, revision ${revision})`)}`;
}

function flipTitle(verdict: Verdict): string {
  if (verdict === 'injected') return 'To keep it out';
  return verdict === 'denied' ? 'To get it through' : 'To get it injected';
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', `  ${paint.bold(title)}`, ...lines.map((line) => `    ${line}`)];
}

const marks: Readonly<Record<Step['outcome'], string>> = {
  inject: '+',
  skip: '-',
  deny: 'x',
  passed: ' ',
  noted: ' ',
  unknown: '?',
};

function stepLines(steps: readonly Step[], paint: Paint): string[] {
  const width = Math.max(...steps.map(({ rule }) => rule.length));
  return steps.flatMap((step) => {
    const { rule, outcome, decisive, text, inputs } = step;
    const line = `${decisive ? '>' : ' '}${marks[outcome]} ${rule.padEnd(width)}  ${text}`;
    const shown = inputs.filter(({ value }) => value !== undefined && (decisive || value !== null));
    const details = shown.map((input) => paint.dim(`${' '.repeat(width + 5)}${describeInput(input)}`));
    return [decisive ? paint.bold(line) : line, ...details];
  });
}

function describeInput({ source, name, value }: Input): string {
  return value === null ? `no ${source} ${name}` : `${source} ${name}: ${JSON.stringify(value)}`;
}

function injectionLines(injection: InjectionSummary, paint: Paint): string[] {
  const { templates, containers, probes, volumes, labels, annotations, imagePullSecrets } = injection;
  return [
    ...listLine('templates', templates),
    ...containers.flatMap((container) => containerLines(container, paint)),
    ...listLine('volumes', volumes),
    ...listLine('labels', labels),
    ...listLine('annotations', annotations),
    ...listLine('imagePullSecrets', imagePullSecrets),
    ...listLine(
      'rewritten probes',
      probes.map(({ container, probe }) => `${container}.${probe}`),
    ),
  ];
}

function containerLines(container: ContainerSummary, paint: Paint): string[] {
  const { name, list, native, own, image, requests, limits, env } = container;
  const kind = native ? 'native sidecar' : list === 'initContainers' ? 'init container' : 'container';
  const resources = [...amounts('requests', requests), ...amounts('limits', limits)];
  return [
    `${kind} ${paint.cyan(name)}: ${image}${own ? ", with the pod's own settings" : ''}`,
    ...resources.map((line) => `  ${line}`),
    ...listLine('  env', env),
  ];
}

function amounts(what: string, resources: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(resources);
  return entries.length === 0 ? [] : [`${what}: ${entries.map(([name, amount]) => `${name} ${amount}`).join(', ')}`];
}

function listLine(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}: ${items.join(', ')}`];
}
