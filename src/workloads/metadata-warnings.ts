/** Annotations and labels that do nothing: misspelt, or in a place where nobody looks at them. */
import { annotation } from '../injection/index.ts';
import type { Labels } from '../kubernetes/index.ts';
import { ofTemplate, valueOf, type AppliedWorkload } from './applied-workload.ts';
import type { Warning } from './catalogue.ts';
import { injectionAnnotations, isIstioName, knownOnNamespaces, knownOnPods, type MetadataKind } from './known-names.ts';
import { nearestName } from './nearest-name.ts';
import { warning } from './text.ts';

/** Annotations and labels of one object that are looked at. */
const mostNames = 500;

/** Warnings about names in the pod template, then about those on the workload around it. */
export function metadataWarnings(workload: AppliedWorkload): Warning[] {
  return [
    ...namesOf(ofTemplate(workload, 'annotations')).flatMap((name) => aboutName(name, 'annotation')),
    ...namesOf(ofTemplate(workload, 'labels')).flatMap((name) => aboutName(name, 'label')),
    ...aboutOuterAnnotations(workload),
  ];
}

const namesOf = (map: Labels): string[] => Object.keys(map).slice(0, mostNames);

const other = { annotation: 'label', label: 'annotation' } as const;

function aboutName(name: string, kind: MetadataKind): Warning[] {
  if (knownOnPods[kind].has(name)) return [];
  if (knownOnNamespaces[kind].has(name))
    return [warning('name-misplaced', `${kind} ${name} has no effect on pods: it belongs on the namespace`)];
  const asOther = isIstioName(name) && knownOnPods[other[kind]].has(name);
  if (asOther)
    return [warning('name-misplaced', `${kind} ${name} has no effect: it must be ${withArticle(other[kind])}`)];
  const near = nearestName(name, knownOnPods[kind]);
  return near === undefined ? [] : [warning('name-misspelt', `${kind} ${name} is unknown: did you mean ${near}?`)];
}

const withArticle = (kind: MetadataKind): string => (kind === 'annotation' ? 'an annotation' : 'a label');

/** The switch itself is left out: the verdict tells of it. */
function aboutOuterAnnotations(workload: AppliedWorkload): Warning[] {
  const inTemplate = ofTemplate(workload, 'annotations');
  return workload.outer.flatMap(({ what, annotations }) =>
    namesOf(annotations)
      .filter((name) => injectionAnnotations.has(name) && name !== annotation.inject)
      .filter((name) => valueOf(inTemplate, name) === undefined)
      .map((name) =>
        warning('name-misplaced', `annotation ${name} has no effect on the ${what}: it belongs on the pod template`),
      ),
  );
}
