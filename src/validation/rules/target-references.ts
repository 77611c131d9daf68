/** What a policy applies to: a workload selector, or references to Services, ServiceEntries, Gateways or GatewayClasses. */
import type { PolicyTargetReference, TypeWorkloadSelector } from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { checkPolicySelector } from './selectors.ts';

/** The fields of a policy that choose what it applies to. */
export interface PolicyTargets {
  readonly selector?: TypeWorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs: readonly PolicyTargetReference[];
}

const targetKinds: ReadonlySet<string> = new Set([
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);
const targetKindList =
  '[core/v1/Service networking.istio.io/v1/ServiceEntry gateway.networking.k8s.io/v1/Gateway gateway.networking.k8s.io/v1/GatewayClass]';

/** Checks that a policy has one way of choosing its targets, and each of those that it has; `path` is its spec. */
export function checkPolicyTargets(result: Result, path: FieldPath, policy: PolicyTargets): void {
  const ways = [policy.selector !== undefined, policy.targetRef !== undefined, policy.targetRefs.length > 0];
  if (ways.filter(Boolean).length > 1) {
    result.error(path, problem('targets-exclusive', 'only one of targetRefs or workloadSelector can be set'));
  }
  checkPolicySelector(result, path.at('selector'), policy.selector);
  if (policy.targetRef !== undefined) checkTargetReference(result, path.at('targetRef'), policy.targetRef);
  const list = path.at('targetRefs');
  policy.targetRefs.forEach((reference, index) => {
    checkTargetReference(result, list.at(index), reference);
  });
}

function checkTargetReference(result: Result, path: FieldPath, target: PolicyTargetReference): void {
  if (target.name === '') result.error(path.at('name'), problem('target-name', 'targetRef name must be set'));
  if (target.namespace !== '') {
    const message = 'targetRef namespace must not be set; cross namespace referencing is not supported';
    result.error(path.at('namespace'), problem('target-namespace', message));
  }
  const group = target.group === '' ? 'core' : target.group;
  if (targetKinds.has(`${group}/${target.kind}`)) return;
  const message = `targetRef must be to one of ${targetKindList} but was ${target.group}/${target.kind}`;
  result.error(path.at('kind'), problem('target-kind', message));
}
