/** What trying a pod shows. */

/** A place in the text of a template. Both are counted from 1; a column of 0 is unknown. */
export interface TemplatePlace {
  readonly template: string;
  readonly line: number;
  readonly column: number;
}

/** What can go wrong; in the order of the steps. */
export const findingKinds = {
  'template-failed': 'a template cannot be executed',
  'output-unreadable': 'what a template writes is no YAML of a map',
  'output-unmergeable': 'what a template writes does not fit into a pod',
  refused: 'the injection is refused for another reason',
  'invalid-pod': 'Kubernetes would refuse the injected pod',
  'reinjection-failed': 'the injected pod cannot be injected again',
  'reinjection-differs': 'injecting the injected pod again changes it',
  nondeterministic: 'the same pod is injected differently each time',
} as const;

export type FindingKind = keyof typeof findingKinds;

/** One thing that is wrong with an injection. */
export interface CanaryFinding {
  readonly kind: FindingKind;
  /** Name of the pod that shows it. */
  readonly pod: string;
  /** A sentence without its full stop. Holds no value of the pod's environment variables. */
  readonly message: string;
  /** Field of the injected pod, as the API server names it: `spec.containers[0].image`. */
  readonly path?: string;
  /** Where it comes from, when that is known. Looking for it takes a while. */
  readonly place?: TemplatePlace | undefined;
}

/** Kinds that stop pods from running; the others are worth knowing. */
export function isBreaking({ kind }: CanaryFinding): boolean {
  return kind !== 'reinjection-differs' && kind !== 'nondeterministic';
}
