/** What an explanation is made of. The JSON form is the same value; its schema is docs/explain.schema.json. */
import type { ContainerSummary, ProbeSummary } from './summary.ts';
import type { ExplanationReason, RuleId } from './rules.ts';

/** How it ends: `not-called` is that the API server never sends the pod, the others are what the injector does with it. */
export type Verdict = 'injected' | 'skipped' | 'denied' | 'not-called';

/** Whose pod is explained. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Where the pod's metadata and spec stand in the object, such as `spec.template`; empty for a pod. */
  readonly template: string;
}

/** Something that a rule looked at. Never a value of an environment variable, a secret or a token. */
export interface Input {
  readonly source:
    | 'namespace label'
    | 'pod label'
    | 'pod annotation'
    | 'pod field'
    | 'configuration'
    | 'webhook configuration'
    | 'ProxyConfig'
    | 'node';
  readonly name: string;
  /** Absent where only the name counts; null where there is no such thing. */
  readonly value?: string | null;
}

/**
 * What a rule said: to inject, to skip, to deny; nothing, so that the next one was asked (`passed`); what it found (`noted`); or
 * that it cannot be known from what was given.
 */
export type StepOutcome = 'inject' | 'skip' | 'deny' | 'passed' | 'noted' | 'unknown';

/** One rule that was asked. */
export interface Step {
  readonly rule: RuleId;
  readonly outcome: StepOutcome;
  /** Whether this step made the verdict; exactly one does. */
  readonly decisive: boolean;
  readonly inputs: readonly Input[];
  /** One sentence. */
  readonly text: string;
  /** Where the rule is described. */
  readonly reference: string;
}

/** A change of one thing. */
export interface Change {
  readonly target:
    'pod-label' | 'pod-annotation' | 'pod-field' | 'pod-container' | 'namespace' | 'namespace-label' | 'configuration';
  readonly name: string;
  /** Null removes. */
  readonly value: string | null;
}

/** The smallest change that was found to flip the result; it was applied and tried. */
export interface Flip {
  /** In words. */
  readonly text: string;
  readonly changes: readonly Change[];
  /** What comes out with it. */
  readonly verdict: Verdict;
  readonly reason: ExplanationReason;
}

/** What an injection brings. */
export interface InjectionSummary {
  readonly templates: readonly string[];
  /** Whether the proxy is a native sidecar. */
  readonly native: boolean;
  readonly containers: readonly ContainerSummary[];
  /** Names of volumes, labels, annotations and imagePullSecrets that are new. */
  readonly volumes: readonly string[];
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  readonly imagePullSecrets: readonly string[];
  readonly probes: readonly ProbeSummary[];
}

/** Why a pod is or is not injected, and what is. */
export interface Explanation {
  /** Of this form; a number that grows when a reader would have to change. */
  readonly version: 1;
  readonly subject: Subject;
  /** Revision of the injector that was asked. */
  readonly revision: string;
  readonly verdict: Verdict;
  readonly reason: ExplanationReason;
  /** The verdict in one sentence. */
  readonly summary: string;
  /** False while it is not known whether the API server sends the pod to the injector; the verdict then is the injector's. */
  readonly certain: boolean;
  /** Of denials: what the user is told, with values that may be secret left out. */
  readonly message?: string;
  readonly steps: readonly Step[];
  /** Absent when no change was found that flips the result. */
  readonly flip?: Flip;
  readonly injection?: InjectionSummary;
  readonly warnings: readonly string[];
}
