/** TrafficExtension: a WebAssembly or Lua filter in the proxies of workloads. */
import type { LuaConfig } from '../../protobuf/istio-types.ts';
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Problem } from '../result.ts';
import { isLongerThan } from '../rules/domains.ts';
import { checkPolicyTargets } from '../rules/target-references.ts';
import { checkTrafficSelectors, checkWasmModule } from './wasm.ts';

const maxLuaBytes = 64 * 1024;

export const trafficExtension = defineKind({
  group: 'extensions.istio.io',
  kind: 'TrafficExtension',
  message: 'istio.extensions.v1alpha1.TrafficExtension',
  validate(spec, _metadata, result) {
    // Both at once cannot be seen here: of a oneof the last member wins while decoding.
    if (spec.wasm === undefined && spec.lua === undefined) {
      result.error(specPath, problem('extension-filter', 'exactly one of wasm or lua must be set'));
    }
    checkPolicyTargets(result, specPath, spec);
    if (spec.lua !== undefined) result.error(specPath.at('lua').at('inlineCode'), checkLua(spec.lua));
    if (spec.wasm !== undefined) checkWasmModule(result, specPath.at('wasm'), spec.wasm, 256);
    checkTrafficSelectors(result, specPath.at('match'), spec.match);
  },
});

function checkLua({ inlineCode }: LuaConfig): Problem | undefined {
  if (inlineCode === '') return problem('lua-code', 'lua.inlineCode cannot be empty');
  if (!isLongerThan(inlineCode, maxLuaBytes)) return undefined;
  return problem('lua-code', 'lua.inlineCode exceeds maximum size of 64KB');
}
