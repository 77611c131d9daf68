/**
 * Where the fields of an injected pod come from: the step of the injection that gave each its value, the line of the template that wrote
 * it, what that line read, and what decided that it was written. Holds names of places only, never a value.
 */
import { InjectionError, type InjectionStep } from '../../injection/index.ts';
import { annotation } from '../../injection/names.ts';
import { userSettings } from '../../injection/post-processing/overrides.ts';
import type { Pod } from '../../kubernetes/index.ts';
import { hideValuesOf } from '../redact.ts';
import { parsePath, pathText, type FieldPath } from './field-path.ts';
import { leavesOf, type Leaf, type Leaves } from './leaves.ts';
import { observe, type Observation, type ObservedParameters, type ObservedTemplate } from './observe.ts';
import { overlayPositions, type FieldPosition } from './overlay-positions.ts';
import { distinct, SourceFinder, sourceText, type Source } from './source.ts';
import { askedAboutRequested, stepSources, stepTexts } from './step-sources.ts';
import { WrittenRanges, type TemplatePlace } from './written-ranges.ts';

/** Where one leaf of the injected pod comes from. */
export interface FieldProvenance {
  /** Such as `spec.containers[istio-proxy].resources.limits.cpu`. */
  readonly path: string;
  /** The step of the injection that gave it its value; `request` for what the pod was sent with. */
  readonly step: InjectionStep | 'request';
  /** What that step does, in a sentence. */
  readonly explanation: string;
  /** The template and the places in it that wrote the field, those that computed something first. */
  readonly template?: { readonly name: string; readonly places: readonly TemplatePlace[] };
  /** What the value was made of; none for text that stands in the template as it is. */
  readonly values: readonly Source[];
  /** What decided that the field is there, and has this value and no other. */
  readonly conditions: readonly Source[];
  /** What was looked at beside it, and could have changed it or its place. */
  readonly consulted: readonly Source[];
}

/** Where all leaves of an injected pod come from, in the pod's order. */
export interface PodProvenance {
  /** The injected pod. */
  readonly leaves: Leaves;
  readonly fields: ReadonlyMap<string, FieldProvenance>;
  /** Names of the templates, in the order in which they were rendered. */
  readonly templates: readonly string[];
}

/**
 * Where every leaf of the injected pod comes from.
 * @throws {InjectionError} when the pod cannot be injected
 */
export function provenanceOf(parameters: ObservedParameters): PodProvenance {
  const finding = new Finding(parameters, observe(parameters));
  const fields = new Map([...finding.final].map(([text, leaf]) => [text, finding.provenanceOf(text, leaf)]));
  return { leaves: finding.final, fields, templates: finding.observation.injected.templates };
}

/** The answer of {@link explainField}. */
export type FieldAnswer =
  | { readonly found: true; readonly path: string; readonly fields: readonly FieldProvenance[] }
  | { readonly found: false; readonly problem: string };

/**
 * Where one field of the injected pod comes from; of a field that is no leaf, all leaves below it.
 * @param path such as `spec.containers[istio-proxy].resources.limits.cpu`; elements by name or by number
 */
export function explainField(parameters: ObservedParameters, path: string): FieldAnswer {
  const steps = parsePath(path);
  if (steps === undefined) {
    const example = 'spec.containers[istio-proxy].resources.limits.cpu';
    return { found: false, problem: `"${path}" is not a field path; write it as ${example}` };
  }
  let finding: Finding;
  try {
    finding = new Finding(parameters, observe(parameters));
  } catch (error) {
    if (error instanceof InjectionError) return { found: false, problem: hideValuesOf(parameters.pod)(error.message) };
    throw error;
  }
  const named = withNames(steps, finding.observation.injected.pod);
  const below = [...finding.final].filter(([, leaf]) => named.every((step, index) => leaf.path[index] === step));
  if (below.length === 0) return { found: false, problem: `the injected pod has no field ${pathText(named)}` };
  return { found: true, path: pathText(named), fields: below.map(([text, leaf]) => finding.provenanceOf(text, leaf)) };
}

/** Numbers of elements that have names become the names. */
function withNames(steps: FieldPath, pod: object): FieldPath {
  const names: string[] = [];
  let value: unknown = pod;
  for (const step of steps) {
    if (!Array.isArray(value)) {
      names.push(step);
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? Reflect.get(value, step)
          : undefined;
      continue;
    }
    const elements = elementNamesAt(names, value);
    const index = elements.includes(step) || !/^\d+$/.test(step) ? elements.indexOf(step) : Number(step);
    names.push(elements[index] ?? step);
    value = value[index];
  }
  return names;
}

function elementNamesAt(path: FieldPath, list: readonly unknown[]): string[] {
  const names = [...leavesOf(list, path).values()].map((leaf) => leaf.path[path.length] ?? '');
  return [...new Set(names)];
}

const statusPath = pathText(['metadata', 'annotations', annotation.status]);

interface StepLeaves {
  readonly step: InjectionStep | 'request';
  readonly leaves: Leaves;
  readonly template?: RenderedFields;
  /** What the step wrote, also where that changed nothing. */
  readonly writes: (path: string) => boolean;
}

/** A template with what is needed to find the writers of its fields. */
interface RenderedFields {
  readonly name: string;
  readonly positions: ReadonlyMap<string, FieldPosition>;
  readonly ranges: WrittenRanges;
}

class Finding {
  readonly observation: Observation;
  readonly final: Leaves;
  readonly #parameters: ObservedParameters;
  readonly #finder: SourceFinder;
  /** The latest first. */
  readonly #steps: readonly StepLeaves[];
  readonly #namesOfTemplates: readonly Source[];

  constructor(parameters: ObservedParameters, observation: Observation) {
    this.observation = observation;
    this.#parameters = parameters;
    this.#finder = new SourceFinder(parameters);
    this.final = leavesOf(observation.injected.pod);
    const rendered = new Map(observation.templates.map((template) => [template, renderedFields(template)]));
    this.#steps = this.#stepLeaves(rendered).reverse();
    this.#namesOfTemplates = distinct(
      [...rendered.values()].flatMap(({ ranges }) => this.#finder.all(ranges.allPaths)),
    );
  }

  #stepLeaves(rendered: ReadonlyMap<ObservedTemplate, RenderedFields>): StepLeaves[] {
    const { pod } = this.#parameters;
    const never = (): boolean => false;
    const settings = userSettings(pod, this.observation.injected.templatePod);
    const own = leavesOf({ spec: { containers: settings.containers, initContainers: settings.initContainers } });
    let before: { readonly pod: Pod; readonly leaves: Leaves } | undefined;
    return [
      { step: 'request', leaves: leavesOf(pod), writes: never },
      ...this.observation.steps.map((observed): StepLeaves => {
        const { step } = observed;
        const leaves = before?.pod === observed.pod ? before.leaves : leavesOf(observed.pod);
        before = { pod: observed.pod, leaves };
        const template = observed.template === undefined ? undefined : rendered.get(observed.template);
        // Injecting again often writes the same.
        if (step === 'metadata') return { step, leaves, writes: (path) => path === statusPath };
        if (step === 'overrides') return { step, leaves, writes: (path) => own.has(path) };
        if (step !== 'template' || template === undefined) return { step, leaves, writes: never };
        return { step, leaves, template, writes: (path) => template.positions.get(path)?.isLeaf === true };
      }),
    ];
  }

  provenanceOf(text: string, { path, value }: Leaf): FieldProvenance {
    const at = this.#steps.findIndex((step, index) => {
      const before = this.#steps[index + 1]?.leaves.get(text);
      return before === undefined || before.value !== value || step.writes(text);
    });
    const made = this.#steps[at];
    const step = made?.step ?? 'request';
    const position = made?.template === undefined ? undefined : positionOf(path, made.template.positions);
    const common = { path: text, step, explanation: stepTexts[step] };
    if (made?.template !== undefined && position !== undefined) {
      return { ...common, ...this.#written(path, made.template, position) };
    }
    const context = {
      parameters: this.#parameters,
      finder: this.#finder,
      namesOfTemplates: this.#namesOfTemplates,
    };
    const { values, conditions } = stepSources(step, path, context);
    const decided = without(conditions, values);
    const asked = step === 'request' ? askedAboutRequested(path, context) : [];
    return { ...common, values, conditions: decided, consulted: without(asked, [...values, ...decided]) };
  }

  #written(path: FieldPath, { name, ranges }: RenderedFields, { position, isExact }: FoundPosition) {
    const { places, reads, conditions, consulted } = ranges.writersOf(position);
    const read = this.#finder.ofPaths(reads);
    const values = isExact ? distinct(read.values.map((item) => this.#finder.refine(item, path) ?? item)) : [];
    const known = isExact ? read.conditions : this.#finder.all(reads);
    const decided = without([...known, ...this.#finder.all(conditions)], values);
    return {
      template: { name, places: isExact ? places : places.slice(0, 1) },
      values,
      conditions: decided,
      consulted: without(
        consulted.flatMap((paths) => this.#finder.all(paths)),
        [...values, ...decided],
      ),
    };
  }
}

function renderedFields(template: ObservedTemplate): RenderedFields {
  return {
    name: template.name,
    positions: overlayPositions(template.output.text),
    ranges: new WrittenRanges(template),
  };
}

interface FoundPosition {
  readonly position: FieldPosition;
  /** Else it is that of a field around it. */
  readonly isExact: boolean;
}

/** Where the field stands, or the nearest one around it: Kubernetes writes some fields also where nobody set them. */
function positionOf(path: FieldPath, positions: ReadonlyMap<string, FieldPosition>): FoundPosition | undefined {
  for (let length = path.length; length > 1; length--) {
    const position = positions.get(pathText(path.slice(0, length)));
    if (position !== undefined) return { position, isExact: length === path.length };
  }
  return undefined;
}

function without(sources: readonly Source[], known: readonly Source[]): Source[] {
  const texts = new Set(known.map(sourceText));
  return distinct(sources).filter((item) => !texts.has(sourceText(item)));
}
