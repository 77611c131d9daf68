/** DestinationRule (networking.istio.io). */
import type { Subset } from '../../../protobuf/istio-types.ts';
import { defineKind } from '../../kind.ts';
import { specPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkWildcardDomain, isDnsLabel } from '../../rules/domains.ts';
import { checkExportTo } from '../../rules/export-to.ts';
import { checkLabels } from '../../rules/labels.ts';
import { checkPolicySelector } from '../../rules/selectors.ts';
import { checkTrafficPolicy } from './traffic-policy.ts';

export const destinationRule = defineKind({
  group: 'networking.istio.io',
  kind: 'DestinationRule',
  message: 'istio.networking.v1alpha3.DestinationRule',
  validate(spec, { namespace }, result) {
    result.error(specPath.at('host'), checkWildcardDomain(spec.host));
    if (spec.trafficPolicy !== undefined) {
      checkTrafficPolicy(result, specPath.at('trafficPolicy'), spec.trafficPolicy, namespace);
    }
    checkSubsets(result, spec.subsets, namespace);
    checkExportTo(result, specPath.at('exportTo'), spec.exportTo, namespace, {
      hasWorkloadSelector: spec.workloadSelector !== undefined,
    });
    checkPolicySelector(result, specPath.at('workloadSelector'), spec.workloadSelector);
  },
});

function checkSubsets(result: Result, subsets: readonly Subset[], namespace: string): void {
  const names = new Set<string>();
  subsets.forEach((subset, index) => {
    const path = specPath.at('subsets').at(index);
    const { name, trafficPolicy } = subset;
    if (names.has(name)) {
      result.error(path.at('name'), problem('subset-duplicate', `duplicate subset names: ${name}`));
    }
    names.add(name);
    if (name === '') {
      result.error(path.at('name'), problem('subset-name', 'subset name cannot be empty'));
    } else if (!isDnsLabel(name)) {
      result.error(path.at('name'), problem('subset-name', `subset name is invalid: ${name}`));
    }
    checkLabels(result, path.at('labels'), subset.labels);
    if (trafficPolicy === undefined) return;
    result.withoutWarnings(() => {
      checkTrafficPolicy(result, path.at('trafficPolicy'), trafficPolicy, namespace);
    });
  });
}
