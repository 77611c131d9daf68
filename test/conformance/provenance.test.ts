/** Provenance over the injection corpus: every injected leaf has a source, and sources are what the field depends on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  leavesOf,
  provenanceOf,
  sourceText,
  type FieldProvenance,
  type Leaves,
  type Source,
} from '../../src/explanation/provenance/index.ts';
import {
  decide,
  InjectionError,
  metadataRegistry,
  readPathEnvironment,
  requestedPod,
} from '../../src/injection/index.ts';
import { DecodeError } from '../../src/kubernetes/index.ts';
import { ConfigurationError } from '../../src/configuration/index.ts';
import { caseGroups, injectionCorpus, injectorOf, readCases, type InjectionCase } from '../support/injection-corpus.ts';
import {
  currentValue,
  injectedLeaves,
  isRelated,
  otherText,
  parametersOf,
  valuesLeaves,
  withSource,
  type Inputs,
} from '../support/provenance-changes.ts';
import { describeShared } from '../support/shared.ts';

/** What a case that is injected is computed from. */
function inputsOf({ environment, path, review }: InjectionCase): Inputs | undefined {
  const { configuration } = injectorOf(environment);
  try {
    const pod = requestedPod({
      object: review.request.object,
      namespace: (review.request as { namespace?: string }).namespace ?? '',
    });
    if (!decide(pod, configuration.injection).inject) return undefined;
    const inputs = { configuration, pod, environment: readPathEnvironment(path).env };
    injectedLeaves(inputs);
    return inputs;
  } catch (error) {
    if (error instanceof DecodeError || error instanceof InjectionError) return undefined;
    throw error;
  }
}

/** A place in a template, or the injector's own step. */
const hasSource = ({ step, template }: FieldProvenance): boolean =>
  step === 'template' ? (template?.places.length ?? 0) > 0 : step !== 'request';

/** Annotations that decide about the injection as a whole. */
const wholesale = [
  'sidecar.istio.io/inject',
  'inject.istio.io/templates',
  'sidecar.istio.io/status',
  'proxy.istio.io/overrides',
];

describeShared('provenance', injectionCorpus, () => {
  const cases = caseGroups()
    .filter((group) => group !== 'http')
    .flatMap((group) => readCases(group))
    .flatMap((item) => {
      const inputs = inputsOf(item);
      return inputs === undefined ? [] : [{ id: item.id, inputs }];
    });

  it('is known for at least 99 % of all injected leaves', () => {
    let injected = 0;
    const unknown: string[] = [];
    for (const { id, inputs } of cases) {
      const { fields, leaves } = provenanceOf(parametersOf(inputs));
      const before = leavesOf(inputs.pod);
      for (const [path, leaf] of leaves) {
        if (before.get(path)?.value === leaf.value && before.has(path)) continue;
        injected++;
        const field = fields.get(path);
        if (field === undefined || !hasSource(field)) unknown.push(`${id}: ${path}`);
      }
    }
    expect(injected).toBeGreaterThan(10_000);
    expect(unknown.slice(0, 10), `${String(unknown.length)} of ${String(injected)}`).toEqual([]);
  });

  describe('when a source changes', () => {
    const registry = metadataRegistry.filter(({ name }) => !name.includes('*')).map(({ name }) => name);

    it.each([
      { what: 'a source of the value: the field changes', isSource: true },
      { what: 'anything else: the field stays', isSource: false },
    ])('$what', ({ isSource }) => {
      let checks = 0;
      const failures: string[] = [];
      fc.assert(
        fc.property(fc.nat(), fc.nat(), fc.nat(), (a, b, c) => {
          if (checks >= 500) return;
          const item = cases[a % cases.length];
          if (item === undefined) return;
          const { id, inputs } = item;
          const { fields, leaves } = provenanceOf(parametersOf(inputs));
          const sourcesOf = isSource ? valueSources : unrelatedSources;
          const injected = [...fields.values()].filter(({ step }) => step !== 'request');
          const changeable = isSource ? injected.filter((field) => sourcesOf(inputs, field).length > 0) : injected;
          const field = changeable[b % changeable.length];
          if (field === undefined) return;
          const candidates = sourcesOf(inputs, field);
          const source = candidates[c % candidates.length];
          if (source === undefined) return;
          const after = tryInjection(inputs, source);
          if (after === undefined) return;
          checks++;
          const isSame = after.has(field.path) && after.get(field.path)?.value === leaves.get(field.path)?.value;
          if (isSame === isSource) failures.push(`${id}: ${field.path} and ${sourceText(source)}`);
        }),
        { seed: 20261121, numRuns: 3000 },
      );
      expect(failures).toEqual([]);
      expect(checks).toBe(500);
    });

    it('every field that changes names it', () => {
      let changes = 0;
      const failures: string[] = [];
      fc.assert(
        fc.property(fc.nat(), fc.nat(), (a, b) => {
          if (changes >= 500) return;
          const item = cases[a % cases.length];
          if (item === undefined) return;
          const { id, inputs } = item;
          const candidates = changeableSources(inputs);
          const source = candidates[b % candidates.length];
          const after = source && tryInjection(inputs, source);
          if (source === undefined || after === undefined) return;
          const { fields, leaves } = provenanceOf(parametersOf(inputs));
          for (const [path, { value }] of leaves) {
            if (after.has(path) && after.get(path)?.value === value) continue;
            changes++;
            const field = fields.get(path);
            if (field === undefined || !relatedTo(field).some((known) => isRelated(source, known)))
              failures.push(`${id}: ${path} and ${sourceText(source)}`);
          }
        }),
        { seed: 20261121, numRuns: 3000 },
      );
      expect(failures).toEqual([]);
      expect(changes).toBeGreaterThanOrEqual(500);
    });

    /** The leaves with another value of the source; undefined where the injector does not allow that value. */
    function tryInjection(inputs: Inputs, source: Source): Leaves | undefined {
      try {
        return injectedLeaves(
          withSource(inputs, source, otherText(currentValue(inputs, source) ?? 'true', source.field)),
        );
      } catch (error) {
        if (error instanceof InjectionError || error instanceof ConfigurationError) return undefined;
        throw error;
      }
    }

    function valueSources(inputs: Inputs, { values }: FieldProvenance): Source[] {
      return values.filter((source) => currentValue(inputs, source) !== undefined);
    }

    function unrelatedSources(inputs: Inputs, field: FieldProvenance): Source[] {
      const related = relatedTo(field);
      return changeableSources(inputs).filter((candidate) => !related.some((known) => isRelated(candidate, known)));
    }

    const relatedTo = ({ values, conditions, consulted }: FieldProvenance): Source[] => [
      ...values,
      ...conditions,
      ...consulted,
    ];

    /** Annotations that the injector knows or the pod has, labels of the pod, and all scalars of the values. */
    function changeableSources({ pod, configuration }: Inputs): Source[] {
      const annotations = [...new Set([...registry, ...Object.keys(pod.metadata.annotations ?? {})])];
      return [
        ...annotations
          .filter((name) => !wholesale.includes(name))
          .map((name) => ({ kind: 'annotation' as const, name })),
        ...Object.keys(pod.metadata.labels ?? {}).map((name) => ({ kind: 'label' as const, name })),
        ...[...valuesLeaves(configuration).keys()].map((name) => ({ kind: 'values' as const, name })),
      ];
    }
  });
});
