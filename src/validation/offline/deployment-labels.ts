/** Labels of Deployments, from which Istio takes the names of telemetry. */
import { quote } from '../../go/quote.ts';
import { FieldPath } from '../path.ts';
import { member, textAt, textsAt } from './resource.ts';
import type { Finding, Resource } from './resource.ts';

const requirementsPage = 'https://istio.io/v1.30/docs/ops/deployment/requirements/';
const serviceLabels = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'];
const revisionLabels = ['service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version'];

/** What is to be said of a Deployment: a note, or that its labels cannot be read. */
export interface DeploymentReport {
  /** Printed, but no finding. */
  readonly note?: string;
  readonly findings: readonly Finding[];
}

/** Looks at the labels of the pod template. */
export function checkDeploymentLabels(deployment: Resource): DeploymentReport {
  const template = member(member(deployment, 'spec'), 'template');
  const labels = textsAt(template, 'metadata', 'labels');
  if (labels === undefined) {
    const path = FieldPath.root('spec').at('template').at('metadata').at('labels');
    const message = '.metadata.labels accessor error: contains a value that is not a string';
    return { findings: [{ severity: 'error', code: 'template-labels', message, path }] };
  }
  const has = (names: readonly string[]): boolean => names.some((name) => Object.hasOwn(labels, name));
  if (has(serviceLabels) && has(revisionLabels)) return { findings: [] };
  const subject = quote(`${textAt(deployment, 'metadata', 'name')}/${textAt(deployment, 'metadata', 'namespace')}:`);
  const entries = Object.keys(labels)
    .sort()
    .map((name) => `${quote(name)}:${quote(labels[name] ?? '')}`);
  const note = `deployment ${subject} may not provide Istio metrics and telemetry labels: map[${entries.join(' ')}]. See ${requirementsPage}`;
  return { note, findings: [] };
}
