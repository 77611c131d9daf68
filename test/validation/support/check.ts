/** Runs the checks of a kind on a spec, as the webhook does after decoding an object. */
import { readMessage } from '../../../src/protobuf/index.ts';
import { checkSpec, findKind } from '../../../src/validation/index.ts';
import type { Result } from '../../../src/validation/index.ts';

const groups: Readonly<Record<string, string>> = {
  Sidecar: 'networking.istio.io',
  EnvoyFilter: 'networking.istio.io',
  AuthorizationPolicy: 'security.istio.io',
  PeerAuthentication: 'security.istio.io',
  RequestAuthentication: 'security.istio.io',
  Telemetry: 'telemetry.istio.io',
  WasmPlugin: 'extensions.istio.io',
  TrafficExtension: 'extensions.istio.io',
};

/** The result of checking `test/sample` of that kind. */
export function checkResult(kindName: string, spec: unknown): Result {
  const kind = findKind(groups[kindName] ?? '', kindName);
  if (kind?.message === undefined) throw new Error(`no kind ${kindName}`);
  const metadata = { name: 'sample', namespace: 'test', labels: {}, annotations: {} };
  return checkSpec(kind, readMessage(kind.message, spec), metadata);
}

/** Errors and warnings as `path: text`. */
export function check(kindName: string, spec: unknown): { errors: string[]; warnings: string[] } {
  const { errors, warnings } = checkResult(kindName, spec);
  const show = (issues: Result['errors']): string[] =>
    issues.map(({ path, message }) => `${path.toString()}: ${message}`);
  return { errors: show(errors), warnings: show(warnings) };
}
