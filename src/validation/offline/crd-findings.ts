/** The rules of CustomResourceDefinitions as findings. */
import { validateCrd } from '../crd/index.ts';
import type { CrdStage } from '../crd/index.ts';
import type { RuleCode } from '../codes/index.ts';
import { FieldPath } from '../path.ts';
import { pathInside } from '../reader-path.ts';
import type { Finding, Resource } from './resource.ts';

const codes: Readonly<Record<Exclude<CrdStage, 'kind'>, RuleCode>> = {
  schema: 'crd-schema',
  listType: 'crd-list-type',
  unknownFields: 'crd-unknown-field',
  cel: 'crd-cel',
};

/** What the API server would say of the resource; nothing of one that is not of a CustomResourceDefinition of Istio. */
export function findCrdFaults(resource: Resource): Finding[] {
  const { stage, errors = [], fields = [] } = validateCrd(resource);
  if (stage === undefined || stage === 'kind') return [];
  return errors.map((message, index): Finding => {
    const [first = '', ...rest] = (fields[index] ?? '').split(/(?=[.[])/);
    const finding = { severity: 'error', code: codes[stage], message } as const;
    return first === '' ? finding : { ...finding, path: pathInside(FieldPath.root(first), rest.join('')) };
  });
}
