/**
 * What a change of the configuration would do: lint's error rules, the canary pods, and pods of the cluster under the configuration in use
 * and the new one. Runs in a thread of its own, and knows when to end.
 */
import { checkConfiguration, isBreaking, type ConfigurationFinding } from '../../canary/index.ts';
import { comparePod, isInjected, originalPod, sideOf, type Change, type Side } from '../../comparison/index.ts';
import {
  compileConfiguration,
  ConfigurationError,
  indexClusterObjects,
  placeText,
  readFeatures,
  type Configuration,
  type SourceText,
} from '../../configuration/index.ts';
import { placeInString } from '../../configuration/source.ts';
import { Interrupted, type FunctionContext } from '../../gotemplate/index.ts';
import { decodePod, findPodErrors, type Pod } from '../../kubernetes/index.ts';
import { lintConfiguration, type Finding } from '../../lint/index.ts';
import type { JsonRecord } from '../../yaml/index.ts';
import { templateContext } from '../template-context.ts';

/** The texts of a configuration. */
export interface Texts {
  readonly config: SourceText;
  readonly values: SourceText;
  readonly mesh: readonly SourceText[];
}

/** What is examined; plain data. */
export interface ExaminationInput {
  readonly texts: Texts;
  /** Absent when nothing is in use yet. */
  readonly inUse?: Texts;
  /** Namespaces, nodes and ProxyConfigs of the cluster. */
  readonly objects: readonly JsonRecord[];
  readonly revision: string;
  readonly clusterId: string;
  /** Environment of the server. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Pods of the cluster. */
  readonly pods: readonly JsonRecord[];
  /** In milliseconds. */
  readonly timeLeft: number;
}

/** Something that stops pods from being made. */
export interface Problem {
  readonly message: string;
  /** `configmap NAMESPACE/NAME key config:187:9`; without numbers when the place is not known. */
  readonly place?: string;
  /** `sidecar:42:7`: template, line and column in it. */
  readonly template?: string;
  /** The line that stands there. */
  readonly excerpt?: string;
  /** A pod that shows it. */
  readonly pod?: string;
}

/** What became of the sampled pods. */
export interface Sample {
  readonly pods: number;
  readonly changed: number;
  readonly lost: number;
  readonly gained: number;
  /** Kinds of fields that change, the most frequent first. */
  readonly fields: readonly string[];
}

export interface Examination {
  readonly problems: readonly Problem[];
  /** What stops pods that were injected before from being sent again. */
  readonly sentAgain?: readonly Problem[];
  /** What stops pods that are valid only by what is injected. */
  readonly mended?: readonly Problem[];
  readonly sample: Sample;
  /** Canary pods tried. */
  readonly tried: number;
  /** Whether there was time for everything. */
  readonly isComplete: boolean;
}

const noSample: Sample = { pods: 0, changed: 0, lost: 0, gained: 0, fields: [] };

/** Examines a change. Never throws for what is wrong in the texts. */
export function examine(input: ExaminationInput): Examination {
  return new Examiner(input).run();
}

class Examiner {
  readonly #input: ExaminationInput;
  readonly #end: number;
  readonly #context: Partial<FunctionContext>;
  #tried = 0;
  #sentAgain: readonly Problem[] = [];
  #mended: readonly Problem[] = [];
  #interrupted = false;

  constructor(input: ExaminationInput) {
    this.#input = input;
    this.#end = performance.now() + input.timeLeft;
    this.#context = {
      ...templateContext(input.variables),
      spend: () => {
        if (this.#isOutOfTime()) throw new Interrupted();
      },
    };
  }

  #isOutOfTime = (): boolean => performance.now() > this.#end;

  run(): Examination {
    const { texts, inUse } = this.#input;
    let configuration: Configuration;
    try {
      configuration = this.#compile(texts);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return this.#result([problemOf(error, texts)]);
    }
    const baseline = this.#baseline(inUse);
    const problems: Problem[] = [];
    let sample = noSample;
    try {
      problems.push(...this.#lint(texts, inUse));
      problems.push(...this.#tryCanaries(configuration, baseline));
      if (problems.length === 0 && baseline !== undefined) {
        const lookedAt = this.#tryPods(configuration, baseline);
        problems.push(...lookedAt.problems);
        sample = lookedAt.sample;
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      this.#interrupted = true;
    }
    return this.#result(problems, sample);
  }

  #result(problems: readonly Problem[], sample = noSample): Examination {
    const isComplete = !this.#interrupted && !this.#isOutOfTime();
    return { problems, sentAgain: this.#sentAgain, mended: this.#mended, sample, tried: this.#tried, isComplete };
  }

  #compile(texts: Texts): Configuration {
    const { revision, clusterId, objects, variables } = this.#input;
    const { features } = readFeatures(variables);
    return compileConfiguration({ ...texts, revision, clusterId, features, cluster: indexClusterObjects(objects) });
  }

  #baseline(inUse: Texts | undefined): Configuration | undefined {
    try {
      return inUse && this.#compile(inUse);
    } catch (error) {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    }
  }

  /** Errors that the texts in use do not have. */
  #lint(texts: Texts, inUse: Texts | undefined): Problem[] {
    const known = new Set((inUse === undefined ? [] : this.#lintErrors(inUse)).map(keyOf));
    return this.#lintErrors(texts)
      .filter((finding) => !known.has(keyOf(finding)))
      .map(({ message, place: { file, line, column, excerpt } }) => ({
        message,
        place: placeText(file, { line, column }),
        excerpt: excerpt.trim(),
      }));
  }

  #lintErrors(texts: Texts): Finding[] {
    const { revision, clusterId, objects, variables } = this.#input;
    return lintConfiguration(
      { name: 'the change', ...texts, revision, objects },
      {
        clusterId,
        features: readFeatures(variables).features,
        level: 'error',
        canary: false,
        isOutOfTime: this.#isOutOfTime,
      },
    );
  }

  #tryCanaries(configuration: Configuration, baseline: Configuration | undefined): Problem[] {
    const check = checkConfiguration(configuration, {
      baseline,
      context: this.#context,
      isOutOfTime: this.#isOutOfTime,
      onPod: () => (this.#tried += 1),
    });
    for (;;) {
      const { done, value } = check.next();
      if (done !== true) continue;
      const problemsOf = (wanted: (finding: ConfigurationFinding) => boolean): Problem[] =>
        value.filter(wanted).map((finding) => this.#problemOfFinding(finding));
      if (baseline !== undefined) {
        const isAbout = (finding: ConfigurationFinding, isSentAgain: boolean): boolean =>
          finding.level === 'warning' && isBreaking(finding) && (finding.kind === 'reinjection-failed') === isSentAgain;
        this.#sentAgain = problemsOf((finding) => isAbout(finding, true));
        this.#mended = problemsOf((finding) => isAbout(finding, false));
      }
      return problemsOf(({ level }) => level === 'error');
    }
  }

  #problemOfFinding({ message, place, pod, count }: ConfigurationFinding): Problem {
    const { config } = this.#input.texts;
    const shownBy = `${count === 1 ? 'seen with the pod' : `seen with ${count} pods tried, such as`} "${pod}"`;
    if (place === undefined) return { message, place: config.file, pod: shownBy };
    const { template, line, column } = place;
    const inFile = placeInString(config.text, ['templates', template], { line, column });
    const excerpt = config.text.split('\n')[inFile.line - 1]?.trim();
    return {
      message,
      template: placeText(template, { line, column }),
      place: placeText(config.file, inFile),
      ...(excerpt !== undefined && { excerpt }),
      pod: shownBy,
    };
  }

  #tryPods(configuration: Configuration, baseline: Configuration): { problems: Problem[]; sample: Sample } {
    const [from, to] = [baseline, configuration].map((one) =>
      sideOf(one, { context: this.#context, isSent: true }),
    ) as [Side, Side];
    const counts = { pods: 0, changed: 0, lost: 0, gained: 0 };
    const fields = new Map<string, number>();
    const problems: Problem[] = [];
    for (const live of this.#input.pods) {
      if (this.#isOutOfTime()) break;
      const decoded = decodeQuietly(live);
      // What is not injected now is not sent, or refuses it.
      if (decoded === undefined || !isInjected(decoded)) continue;
      const pod = originalPod(decoded);
      const { result, to: after, from: before, changes } = comparePod(pod, from, to);
      counts.pods += 1;
      if (result === 'lost') counts.lost += 1;
      else if (result === 'gained') counts.gained += 1;
      else if (result === 'changed') counts.changed += 1;
      for (const field of new Set(changes.map(fieldOf))) fields.set(field, (fields.get(field) ?? 0) + 1);
      const name = `pod ${pod.metadata.namespace ?? ''}/${decoded.metadata.name ?? ''} of the cluster`;
      if (after.kind === 'refused' && result === 'newly-failing')
        problems.push({ message: after.message, pod: `seen with the ${name}` });
      else if (after.kind === 'injected' && before.kind === 'injected') {
        const error = newError(before.pod, after.pod);
        if (error !== undefined) problems.push({ message: error, pod: `seen with the ${name}` });
      }
    }
    const ordered = [...fields].sort(([, a], [, b]) => b - a).map(([field]) => field);
    return { problems, sample: { ...counts, fields: ordered } };
  }
}

/** What the API server would refuse from now on. */
function newError(before: Pod, after: Pod): string | undefined {
  const errors = findPodErrors(after);
  if (errors.length === 0) return undefined;
  const known = new Set(findPodErrors(before).map(({ path, message }) => `${path}: ${message}`));
  return errors.map(({ path, message }) => `${path}: ${message}`).find((error) => !known.has(error));
}

function decodeQuietly(live: JsonRecord): Pod | undefined {
  try {
    return decodePod(live);
  } catch {
    return undefined;
  }
}

/** What a person calls a change: the last word of its path that is no name of an element. */
function fieldOf({ steps }: Change): string {
  const [top = '', second = ''] = steps;
  if (top === 'metadata') return second;
  const [, list = '', , field = list] = steps;
  return field;
}

const keyOf = ({ rule, message }: Finding): string => `${rule} ${message}`;

function problemOf(error: ConfigurationError, { config, values, mesh }: Texts): Problem {
  const source = [config, values, ...mesh].find(({ file }) => file === error.file);
  const excerpt = error.line > 0 ? source?.text.split('\n')[error.line - 1]?.trim() : undefined;
  const { file, line, column, detail } = error;
  return { message: detail, place: placeText(file, { line, column }), ...(excerpt !== undefined && { excerpt }) };
}
