/**
 * The pods that a configuration is tried with: the shapes, and for everything its templates read of a pod's annotations and labels a pod
 * that has it, for each set of templates that a pod can ask for.
 */
import type { Configuration } from '../configuration/index.ts';
import type { CompiledTemplate, FunctionContext } from '../gotemplate/index.ts';
import { annotation } from '../injection/index.ts';
import { decodePod } from '../kubernetes/index.ts';
import { isBreaking } from './finding.ts';
import { gatewayShape, mendedShapes, plainShape } from './shapes/index.ts';
import { tryPod, type TriedPod } from './try-pod.ts';
import { typicalVariants, variantsOf, withAnnotations, type Variant } from './variants.ts';

/** A pod that a configuration is tried with. */
export interface CanaryPod extends TriedPod {
  /** The templates that it asks for; empty for the default ones. */
  readonly asksFor: string;
  /**
   * Set where the pod has an annotation or label that only the configuration knows: one of several guesses at its value. That the
   * configuration fails says something only when it fails for all guesses of the same name.
   */
  readonly guess?: string;
  /**
   * Whether the configuration in use has injected it before. Such pods are sent when dumps are applied and backups restored; a change that is
   * meant may well break them: a port or a volume gets another name.
   */
  readonly isSentAgain?: boolean;
  /** Whether pods like it are in every cluster: it has no annotation beside that, and nothing odd. */
  readonly isOrdinary: boolean;
}

/** A set of templates that pods can ask for. */
export interface TemplateSet {
  /** The value of the annotation; empty for the default ones. */
  readonly asksFor: string;
  /** Whether a plain pod can be injected with it. */
  readonly isUsable: boolean;
}

/**
 * The pods to try with a set of templates, those that concern the most pods first.
 *
 * @param inUse the configuration that this one is to follow: what it has injected may be sent again
 */
export function* canaryPods(
  configuration: Configuration,
  { asksFor }: TemplateSet,
  inUse?: Configuration,
): Generator<CanaryPod> {
  const templates = selected(configuration, asksFor);
  const isDefault = asksFor === '' || asksFor.includes(',') || Object.hasOwn(configuration.injection.aliases, asksFor);
  if (!isDefault) yield canary(gatewayShape, asksFor);
  for (const variant of variantsOf(templates, configuration)) yield canary(variant, asksFor);
  if (inUse !== undefined) {
    for (const variant of typicalVariants(templates, configuration)) {
      yield* injectedBefore(canary(variant, asksFor), inUse);
    }
  }
  for (const shape of mendedShapes) yield canary(shape, asksFor);
}

/** A pod as another configuration injects it. */
function* injectedBefore(pod: CanaryPod, inUse: Configuration): Generator<CanaryPod> {
  const { findings, injected } = tryPod(inUse, pod, { again: false });
  if (injected === undefined || findings.length > 0) return;
  yield { ...pod, name: `${pod.name}, as injected before`, pod: injected, isOrdinary: false, isSentAgain: true };
}

function canary(
  { name, pod, guess, isOdd = false, reliesOnTemplates = false, environment = {} }: Variant,
  asksFor: string,
): CanaryPod {
  const asked = asksFor === '' ? { name, pod } : withAnnotations({ name, pod }, { [annotation.templates]: asksFor });
  return {
    name: asksFor === '' ? name : `${name}, templates ${asksFor}`,
    pod: decodePod(asked.pod),
    asksFor,
    environment,
    reliesOnTemplates,
    isOrdinary: !isOdd && pod.metadata['annotations'] === undefined,
    ...(guess === undefined ? {} : { guess: `${guess} ${asksFor}` }),
  };
}

/**
 * The sets of templates that pods can ask for: the default ones, each alias, and each other template, alone where it makes a pod that runs
 * and on top of the default ones where it is an addition to them.
 */
export function templateSets(configuration: Configuration, context?: Partial<FunctionContext>): TemplateSet[] {
  const { templates, aliases, defaultTemplates } = configuration.injection;
  const isUsable = (asksFor: string, shape = plainShape): boolean =>
    !tryPod(configuration, canary(shape, asksFor), { context }).findings.some(isBreaking);
  const others = [...templates.keys()].filter((name) => !defaultTemplates.includes(name));
  return [
    ...['', ...Object.keys(aliases)].map((asksFor) => ({ asksFor, isUsable: isUsable(asksFor) })),
    ...others.map((asksFor) => {
      if (isUsable(asksFor)) return { asksFor, isUsable: true };
      const onTop = [...defaultTemplates, asksFor].join(',');
      return isUsable(onTop)
        ? { asksFor: onTop, isUsable: true }
        : { asksFor, isUsable: isUsable(asksFor, gatewayShape) };
    }),
  ];
}

/** The templates behind a value of the annotation. */
function selected({ injection }: Configuration, asksFor: string): CompiledTemplate[] {
  const names = asksFor === '' ? injection.defaultTemplates : asksFor.split(',');
  return names
    .flatMap((name) => (Object.hasOwn(injection.aliases, name) ? (injection.aliases[name] ?? []) : [name]))
    .flatMap((name) => injection.templates.get(name) ?? []);
}

/** Functions that take a tenth of a second and more: they make keys, or derive them. */
const expensive = /\b(?:derivePassword|bcrypt|htpasswd|genPrivateKey|gen\w*(?:CA|Cert)\w*)\b/;

/** Whether templates that pods ask for take so long that not all canary pods should be tried with them. */
export function isExpensive(configuration: Configuration, { asksFor }: TemplateSet): boolean {
  return selected(configuration, asksFor).some(({ text }) => expensive.test(text));
}
