/** What the playground shows: the injector's own functions, run on the texts in its editors. */
import { ConfigurationError, decodeValues, type Configuration, type InjectionValues } from '../configuration/index.ts';
import { explainPod, type Explanation } from '../explanation/index.ts';
import { provenanceOf } from '../explanation/provenance/index.ts';
import type { FunctionContext } from '../gotemplate/index.ts';
import { injectPod, OverlayCache, webhookParameters } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import type { WorkloadPod } from '../workloads/pod-of-workload.ts';
import { diffPods, type SourcedDiff } from './diff-lines.ts';
import { compileEdited, type EditedTemplate } from './edited-template.ts';
import { annotationProblems, isProblem, readPod, showPod } from './pod-text.ts';
import type { Preview, PreviewRequest, Problem } from './preview-types.ts';

/** What is not in the editors. */
export interface Surroundings {
  readonly configuration: Configuration;
  readonly context: Partial<FunctionContext>;
}

/** Runs an injection. What is wrong with the texts is part of the answer; nothing is kept of them. */
export function previewInjection(request: PreviewRequest, { configuration, context }: Surroundings): Preview {
  const workload = readPod(request.pod);
  const compiled = request.templates.map(compileEdited);
  const templates = compiled.filter((template): template is EditedTemplate => !isProblem(template));
  const values = readValues(request.values);
  if (isProblem(workload) || isProblem(values) || templates.length < compiled.length) {
    const problems = [workload, ...compiled, values].filter((result) => isProblem(result));
    return { problems, diff: [], sources: [], trace: [], templates: [], warnings: [] };
  }
  const edited = withEdited(configuration, templates, values);
  return explain(request, workload, templates, { configuration: edited, context });
}

function explain(
  request: PreviewRequest,
  { pod, ...subject }: WorkloadPod,
  templates: readonly EditedTemplate[],
  surroundings: Surroundings,
): Preview {
  const explanation = explainPod(surroundings, pod, {
    subject: { ...subject, template: subject.template.join('.') },
  });
  const { verdict, reason, summary, message, steps, flip, injection, warnings } = explanation;
  return {
    verdict: { outcome: verdict, reason, sentence: summary, ...(message !== undefined && { message }) },
    problems: problemsOf(explanation, request, pod, templates),
    ...(verdict === 'injected' ? injectedDiff(pod, surroundings, request.withSources) : unchanged(pod)),
    trace: steps,
    ...(flip !== undefined && { suggestion: flip.text }),
    templates: injection?.templates ?? [],
    warnings,
  };
}

function injectedDiff(
  pod: Pod,
  { configuration, context }: Surroundings,
  withSources: boolean,
): Partial<SourcedDiff> & Pick<SourcedDiff, 'diff'> {
  const { parameters } = webhookParameters(configuration, pod, {});
  const { pod: injected } = injectPod({ ...parameters, cache: new OverlayCache(), context });
  const [before, after] = [showPod(pod), showPod(injected)];
  if (!withSources) return { diff: diffPods(before, after).diff };
  return diffPods(before, after, provenanceOf({ ...parameters, context }));
}

function unchanged(pod: Pod): SourcedDiff {
  const text = showPod(pod);
  return diffPods(text, text);
}

function problemsOf(
  { reason, message = '' }: Explanation,
  request: PreviewRequest,
  pod: Pod,
  templates: readonly EditedTemplate[],
): Problem[] {
  if (reason === 'invalid-annotations') return annotationProblems(request.pod, pod, message);
  if (reason !== 'template-failed' && reason !== 'overlay-failed' && reason !== 'merge-failed') return [];
  return templates.flatMap(({ failure }) => failure(message) ?? []);
}

function readValues(text: string): InjectionValues | Problem {
  try {
    return decodeValues({ file: 'values', text });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { editor: 'values', line: error.line, column: error.column, message: error.detail };
  }
}

/** The configuration with what is in the editors in the place of its own. */
function withEdited(
  configuration: Configuration,
  edited: readonly EditedTemplate[],
  values: InjectionValues,
): Configuration {
  const { injection } = configuration;
  const compiled = edited.map((template) => [template.name, template.compiled] as const);
  const templates = new Map([...injection.templates, ...compiled]);
  // Templates may change maps unless it is known that they do not.
  return { ...configuration, values, injection: { ...injection, templates, changesMaps: true } };
}
