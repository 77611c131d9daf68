/** WasmPlugin: a WebAssembly filter in the proxies of workloads. */
import { defineKind } from '../kind.ts';
import { specPath } from '../path.ts';
import { checkPolicyTargets } from '../rules/target-references.ts';
import { checkTrafficSelectors, checkWasmModule } from './wasm.ts';

export const wasmPlugin = defineKind({
  group: 'extensions.istio.io',
  kind: 'WasmPlugin',
  message: 'istio.extensions.v1alpha1.WasmPlugin',
  validate(spec, _metadata, result) {
    checkPolicyTargets(result, specPath, spec);
    checkWasmModule(result, specPath, spec, 255);
    checkTrafficSelectors(result, specPath.at('match'), spec.match);
  },
});
