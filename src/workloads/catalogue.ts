/** The catalogue of warnings: ids are part of the interface and never change their meaning. docs/workloads.md has a line for each. */

/** A verdict is said about every workload; a problem is something that its author will want to change. */
export type WarningLevel = 'verdict' | 'problem';

/** One kind of warning. */
export interface WarningInfo {
  readonly level: WarningLevel;
  /** What it says, for the documents. */
  readonly meaning: string;
}

/** Every warning by its id, in the order in which they are given. */
export const warningCatalogue = {
  'will-be-injected': { level: 'verdict', meaning: 'the pods get a sidecar, or what else the templates bring' },
  'will-not-be-injected': { level: 'verdict', meaning: 'the pods are left alone, and nothing asks for injection' },
  'other-revision': { level: 'verdict', meaning: 'labels name a revision or tag that this injector does not know' },
  'wanted-but-not-injected': { level: 'problem', meaning: 'the pod template asks for injection in vain' },
  'wish-not-on-template': {
    level: 'problem',
    meaning: 'the workload asks for injection, or refuses it, in a place that does not count',
  },
  'wish-is-annotation': {
    level: 'problem',
    meaning: 'the pod template asks with an annotation, which webhook selectors cannot see',
  },
  'annotation-invalid': { level: 'problem', meaning: 'the value of an annotation will make the injection fail' },
  'injection-fails': { level: 'problem', meaning: 'the injection will fail for another reason, and no pod will start' },
  'inject-value-ignored': { level: 'problem', meaning: 'sidecar.istio.io/inject is neither "true" nor "false"' },
  'label-hides-annotation': { level: 'problem', meaning: 'label and annotation sidecar.istio.io/inject disagree' },
  'revision-label-ignored': {
    level: 'problem',
    meaning: 'labels of the namespace decide, not istio.io/rev of the pods',
  },
  'job-never-finishes': { level: 'problem', meaning: 'the sidecar of a Job runs on when its work is done' },
  'dns-policy': { level: 'problem', meaning: 'the sidecar may not be able to look up its control plane' },
  'name-misspelt': {
    level: 'problem',
    meaning: 'an annotation or label is unknown, and one of nearly that name exists',
  },
  'name-misplaced': { level: 'problem', meaning: 'an annotation or label stands where it has no effect' },
} as const satisfies Record<string, WarningInfo>;

/** Id of a warning. */
export type WarningId = keyof typeof warningCatalogue;

/** One warning about one workload. */
export interface Warning {
  readonly id: WarningId;
  /** One line for people; see {@link warningText} for its length. */
  readonly text: string;
}
