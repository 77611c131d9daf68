/** EnvoyFilter: patches of the configuration that Istio sends to Envoy. */
import type { EnvoyFilter_EnvoyConfigObjectPatch, EnvoyFilter_Patch } from '../../../protobuf/istio-types.ts';
import { defineKind } from '../../kind.ts';
import { specPath } from '../../path.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { regexError } from '../../rules/regexes.ts';
import { checkWorkloadSelector } from '../../rules/selectors.ts';
import { checkMatchClass } from './match-classes.ts';
import { checkPatchValue } from './patch-values.ts';

const advice =
  'EnvoyFilter exposes internal implementation details that may change at any time. Prefer other APIs if possible, and exercise extreme caution, especially around upgrades.';

export const envoyFilter = defineKind({
  group: 'networking.istio.io',
  kind: 'EnvoyFilter',
  message: 'istio.networking.v1alpha3.EnvoyFilter',
  validate(spec, _metadata, result) {
    result.warn(specPath, problem('envoy-filter', advice));
    if (!checkWorkloadSelector(result, specPath.at('workloadSelector'), spec.workloadSelector, 'Envoy filter')) return;
    spec.configPatches.forEach((patch, index) => {
      // Istio does not look at patches for waypoints.
      if (patch.match?.context !== 'WAYPOINT') checkConfigPatch(result, specPath.at('configPatches').at(index), patch);
    });
  },
});

/** Checks one patch; what is missing or contradicts itself ends the checks of the patch. */
function checkConfigPatch(result: Result, path: FieldPath, config: EnvoyFilter_EnvoyConfigObjectPatch): void {
  const { applyTo, match, patch } = config;
  if (applyTo === 'INVALID') {
    result.error(path.at('applyTo'), problem('patch-incomplete', 'Envoy filter: missing applyTo'));
    return;
  }
  if (patch === undefined) {
    result.error(path.at('patch'), problem('patch-incomplete', 'Envoy filter: missing patch'));
    return;
  }
  if (!checkOperation(result, path.at('patch'), patch)) return;
  const proxyVersion = match?.proxy?.proxyVersion ?? '';
  const error = proxyVersion === '' ? undefined : regexError(proxyVersion);
  if (error !== undefined) {
    const message = `Envoy filter: invalid regex for proxy version, [${error}]`;
    result.error(path.at('match').at('proxy').at('proxyVersion'), problem('regex-syntax', message));
    return;
  }
  if (match !== undefined && !checkMatchClass(result, path.at('match'), match, applyTo)) return;
  if (patch.value !== undefined) checkPatchValue(result, path.at('patch').at('value'), applyTo, patch.value);
}

function checkOperation(result: Result, path: FieldPath, { operation, value }: EnvoyFilter_Patch): boolean {
  if (operation === 'INVALID') {
    result.error(path.at('operation'), problem('patch-incomplete', 'Envoy filter: missing patch operation'));
    return false;
  }
  if (operation !== 'REMOVE' && value === undefined) {
    const message = 'Envoy filter: missing patch value for non-remove operation';
    result.error(path.at('value'), problem('patch-incomplete', message));
    return false;
  }
  return true;
}
