/** What WasmPlugin and TrafficExtension have in common. Every check stops at its first finding, as Istio's do. */
import type { TrafficSelector, VmConfig } from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { isLongerThan } from '../rules/domains.ts';
import { checkWasmUrl } from '../rules/wasm-urls.ts';

const sha256Length = 64;
const maxSecretNameBytes = 253;
const maxNameBytes = 256;

/** The fields that locate and configure a WebAssembly module. */
export interface WasmModule {
  readonly url: string;
  readonly sha256: string;
  readonly imagePullSecret: string;
  readonly pluginName: string;
  readonly vmConfig?: VmConfig;
}

/**
 * Checks where a module comes from and how it is run.
 *
 * @param nameLimit the limit that the text about a long plugin name states; Istio's two kinds state different ones
 */
export function checkWasmModule(result: Result, path: FieldPath, module: WasmModule, nameLimit: 255 | 256): void {
  result.error(path.at('url'), checkWasmUrl(module.url));
  checkSha256(result, path.at('sha256'), module.sha256);
  if (isLongerThan(module.imagePullSecret, maxSecretNameBytes)) {
    const message = 'imagePullSecret field must be less than 253 characters long';
    result.error(path.at('imagePullSecret'), problem('pull-secret-length', message));
  }
  if (isLongerThan(module.pluginName, maxNameBytes)) {
    const message = `pluginName field must be less than ${nameLimit} characters long`;
    result.error(path.at('pluginName'), problem('plugin-name-length', message));
  }
  checkVmEnvironment(result, path.at('vmConfig').at('env'), module.vmConfig);
}

function checkSha256(result: Result, path: FieldPath, digest: string): void {
  if (digest === '') return;
  if (Buffer.byteLength(digest) !== sha256Length) {
    result.error(path, problem('sha256', 'sha256 field must be 64 characters long'));
  } else if (!/^[a-f0-9]+$/.test(digest)) {
    result.error(path, problem('sha256', 'sha256 field must match [a-f0-9]{64} pattern'));
  }
}

function checkVmEnvironment(result: Result, path: FieldPath, vmConfig: VmConfig | undefined): void {
  const names = new Set<string>();
  for (const [index, { name, valueFrom, value }] of (vmConfig?.env ?? []).entries()) {
    const place = path.at(index);
    if (name === '') {
      result.error(place.at('name'), problem('env-name', 'spec.vmConfig.env invalid'));
      return;
    }
    if (isLongerThan(name, maxNameBytes)) {
      const message = 'env.name field must be less than 255 characters long';
      result.error(place.at('name'), problem('env-name', message));
      return;
    }
    if (names.has(name)) {
      result.error(place.at('name'), problem('env-duplicate', 'duplicate env'));
      return;
    }
    names.add(name);
    if (valueFrom !== 'INLINE' && value !== '') {
      const message = 'value may only be set when valueFrom is INLINE';
      result.error(place.at('value'), problem('env-value', message));
      return;
    }
  }
}

/** Checks the ports that select traffic; `path` is the list of selectors. */
export function checkTrafficSelectors(
  result: Result,
  path: FieldPath,
  selectors: readonly Pick<TrafficSelector, 'ports'>[],
): void {
  for (const [index, { ports }] of selectors.entries()) {
    const outside = ports.findIndex(({ number }) => number === 0 || number > 65535);
    if (outside < 0) continue;
    const message = `spec.Match[${index}].Ports[${outside}] is out of range: ${ports[outside]?.number ?? 0}`;
    result.error(path.at(index).at('ports').at(outside).at('number'), problem('port-range', message));
    return;
  }
}
