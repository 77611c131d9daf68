/** What the page of the playground and its server say to each other, as JSON. Imports nothing: the page's scripts are checked against it. */

/** The texts that are edited. */
export type EditorName = 'pod' | 'template' | 'values';

/** What is asked: the texts as they stand in the editors. */
export interface PreviewRequest {
  /** A Pod, or a workload whose pods are meant; YAML. */
  readonly pod: string;
  /** The templates that were edited; all others are those of the server. */
  readonly templates: readonly { readonly name: string; readonly text: string }[];
  /** Key `values` of the injector's ConfigMap. */
  readonly values: string;
  /** Whether {@link Preview.sources} is wanted: finding them takes longer than all the rest. */
  readonly withSources: boolean;
}

/** What is wrong with one of the texts. */
export interface Problem {
  readonly editor: EditorName;
  /** Name of the template, for that editor. */
  readonly template?: string;
  /** Counted from 1; 0 when the place is not known. */
  readonly line: number;
  /** Counted from 1 in UTF-16 units; 0 when the place is not known. */
  readonly column: number;
  readonly message: string;
}

/** A line of a template. */
export interface TemplateLine {
  readonly template: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What made a line of the injected pod. */
export interface LineSource {
  /** The lines of templates that wrote it, the most telling one first. */
  readonly lines: readonly TemplateLine[];
  /** What its value was made of: `values global.hub`, an annotation, a field of the mesh configuration. */
  readonly reads: readonly string[];
  /** What decided that it is there. */
  readonly conditions: readonly string[];
  /** What the step does that made or changed it, where no template did. */
  readonly step?: string;
}

/** A line of the diff between the pod as it was sent and the injected one. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Where it stands in the pod: `spec.containers[istio-proxy].image`; not for removed lines. */
  readonly path?: string;
  /** Index in {@link Preview.sources}. */
  readonly source?: number;
}

/** How the request ended. */
export interface Verdict {
  readonly outcome: 'injected' | 'skipped' | 'denied' | 'not-called';
  /** Id of the reason. */
  readonly reason: string;
  /** The reason as a sentence. */
  readonly sentence: string;
  /** What a user would see who sent this pod. */
  readonly message?: string;
}

/** A step of the way to the verdict, as explanations have it. */
export interface TraceStep {
  /** Id of the rule. */
  readonly rule: string;
  readonly outcome: string;
  /** Whether this step made the verdict. */
  readonly decisive: boolean;
  /** What was looked at; null where there is no such thing. */
  readonly inputs: readonly { readonly source: string; readonly name: string; readonly value?: string | null }[];
  /** One sentence. */
  readonly text: string;
}

/** The answer. Without a verdict the texts could not be used; {@link Preview.problems} says why. */
export interface Preview {
  readonly verdict?: Verdict;
  readonly problems: readonly Problem[];
  readonly diff: readonly DiffLine[];
  /** Absent when they were not asked for. */
  readonly sources?: readonly LineSource[];
  readonly trace: readonly TraceStep[];
  /** The smallest change that flips the verdict, as a sentence. */
  readonly suggestion?: string;
  /** Names of the templates that were rendered. */
  readonly templates: readonly string[];
  readonly warnings: readonly string[];
}

/** What the page starts with. */
export interface PlaygroundStart {
  readonly templates: readonly { readonly name: string; readonly text: string }[];
  /** Name of the template to show first. */
  readonly template: string;
  readonly values: string;
  /** Pods to try; the first one is shown. */
  readonly examples: readonly { readonly name: string; readonly pod: string }[];
}
