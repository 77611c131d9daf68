/** What templates write for a few of the pods, and where each part of it comes from. */
import { recordTemplates, type Recording } from '../canary/recording.ts';
import type { TriedPod } from '../canary/index.ts';
import type { Configuration } from '../configuration/index.ts';
import {
  injectPod,
  InjectionError,
  OverlayCache,
  webhookParameters,
  type InjectionParameters,
} from '../injection/index.ts';
import { LintText, type Span } from './text.ts';
import { stillWorld, type TrialGroup } from './trials.ts';

/** The output of a template. */
export interface Output {
  readonly template: string;
  readonly text: LintText;
  /** Where a part comes from in the template, in its offsets; `undefined` when nothing is known to have written it. */
  readonly sourceOf: (span: Span) => Span | undefined;
  /** Recorded only when it is first asked for. */
  readonly recording: () => Recording | undefined;
}

/** Pods of which outputs are looked at: the first ones, which are of the most common shapes, and some of the others. */
const firstPods = 6;
const everyOther = 9;
const mostPods = 16;
/** And those where a field was seen that pods do not have. */
const mostSuspicious = 8;

/** Distinct outputs of the pods of a group. */
export function* outputsOf(
  configuration: Configuration,
  { trials }: TrialGroup,
  seen: Set<string>,
): Generator<Output | undefined> {
  const some = trials.filter((_, index) => index < firstPods || index % everyOther === 0).slice(0, mostPods);
  const suspicious = trials.filter(({ hasUnknownFields }) => hasUnknownFields).slice(0, mostSuspicious);
  const chosen = new Set([...some, ...suspicious]);
  for (const { tried } of chosen) {
    const parameters = parametersOf(configuration, tried);
    for (const [index, { template, text }] of rendered(parameters).entries()) {
      const key = `${template}\n${text}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield outputOf(template, text, () => recordTemplates(parameters)[index]);
    }
    yield undefined;
  }
}

export function parametersOf(configuration: Configuration, { pod, environment = {} }: TriedPod): InjectionParameters {
  const { parameters } = webhookParameters(configuration, pod, environment);
  return { ...parameters, cache: new OverlayCache(), context: stillWorld };
}

function rendered(parameters: InjectionParameters): { template: string; text: string }[] {
  const texts: { template: string; text: string }[] = [];
  try {
    injectPod({
      ...parameters,
      observer: {
        render: (template, compiled, data, context) => {
          const text = compiled.execute(data, context);
          texts.push({ template, text });
          return text;
        },
        stepped: () => undefined,
      },
    });
  } catch (error) {
    // Pods that cannot be injected are reported elsewhere; what was written before is looked at nevertheless.
    if (!(error instanceof InjectionError)) throw error;
  }
  return texts;
}

function outputOf(template: string, text: string, record: () => Recording | undefined): Output {
  let known: Recording | undefined;
  let isRecorded = false;
  const recording = (): Recording | undefined => {
    if (!isRecorded) known = record();
    isRecorded = true;
    return known;
  };
  return {
    template,
    text: new LintText({ file: template, text }),
    recording,
    sourceOf: (span) => sourceOf(recording(), span),
  };
}

function sourceOf(recording: Recording | undefined, { start, end }: Span): Span | undefined {
  const writer = recording?.output.written.findLast((item) => item.start <= start && item.end > start);
  if (recording === undefined || writer === undefined) return undefined;
  if (writer.kind === 'text') {
    const from = writer.pos + start - writer.start;
    return { start: from, end: from + Math.min(end, writer.end) - start };
  }
  const close = recording.source.indexOf('}}', writer.pos);
  return {
    start: writer.pos,
    end: close < 0 ? writer.pos + 1 : writer.pos + recording.source.slice(writer.pos, close).trimEnd().length,
  };
}
