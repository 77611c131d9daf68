/** Proxy scoping, security, telemetry, extension and Gateway API kinds. */
import type { Kind } from '../kind.ts';
import { authorizationPolicy } from './authorization-policy/index.ts';
import { envoyFilter } from './envoy-filter/index.ts';
import { gatewayApiKinds } from './gateway-api.ts';
import { peerAuthentication } from './peer-authentication.ts';
import { requestAuthentication } from './request-authentication.ts';
import { sidecar } from './sidecar/index.ts';
import { telemetry } from './telemetry.ts';
import { trafficExtension } from './traffic-extension.ts';
import { wasmPlugin } from './wasm-plugin.ts';

export const policyKinds: readonly Kind[] = [
  authorizationPolicy,
  envoyFilter,
  peerAuthentication,
  requestAuthentication,
  sidecar,
  telemetry,
  trafficExtension,
  wasmPlugin,
  ...gatewayApiKinds,
];
