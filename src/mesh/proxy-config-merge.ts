/** Laying one proxy configuration over another (Istio's `mesh.MergeProxyConfig`). */
import type { ProxyConfig_ProxyHeaders } from '../protobuf/index.ts';
import { messageType, overlayMessage, readMessageOnto, withFields } from '../protobuf/index.ts';
import type { ProxyConfig } from './defaults.ts';

const proxyConfigType = messageType('istio.mesh.v1alpha1.ProxyConfig');

/** A proxy configuration without any setting. */
export const emptyProxyConfig: ProxyConfig = proxyConfigType.create();

/**
 * `base` with every field that the JSON has replaced, zero values too; only the proxy's metadata and headers are merged.
 * Throws `ProtobufJsonError`.
 */
export function applyProxyConfigJson(base: ProxyConfig, json: unknown): ProxyConfig {
  return keepMergedParts(base, readMessageOnto(proxyConfigType, base, json));
}

/** `base` with every field that is set in `over` replaced; zero values of `over` are not transferred. */
export function mergeProxyConfig(base: ProxyConfig, over: ProxyConfig): ProxyConfig {
  return keepMergedParts(base, overlayMessage(base, over));
}

function keepMergedParts(base: ProxyConfig, changed: ProxyConfig): ProxyConfig {
  const metadataChanged = changed.proxyMetadata !== base.proxyMetadata;
  const headersChanged = changed.proxyHeaders !== base.proxyHeaders && base.proxyHeaders !== undefined;
  if (!metadataChanged && !headersChanged) return changed;
  return withFields(changed, {
    proxyMetadata: mergeMaps(base.proxyMetadata, changed.proxyMetadata),
    proxyHeaders: headersChanged ? mergeHeaders(base.proxyHeaders, changed.proxyHeaders) : changed.proxyHeaders,
  });
}

type StringMap = Readonly<Record<string, string>>;

function mergeMaps(base: StringMap, over: StringMap): StringMap {
  // Without a prototype, so that the keys are only data.
  return Object.assign(Object.create(null) as Record<string, string>, base, over);
}

/** Of the headers, these keep their old setting where the new value says nothing. */
function mergeHeaders(
  base: ProxyConfig_ProxyHeaders | undefined,
  over: ProxyConfig_ProxyHeaders | undefined,
): ProxyConfig_ProxyHeaders | undefined {
  if (base === undefined || over === undefined) return over ?? base;
  const saysNothing = over.forwardedClientCert === 'UNDEFINED';
  return withFields(over, {
    forwardedClientCert: saysNothing ? base.forwardedClientCert : over.forwardedClientCert,
    requestId: over.requestId ?? base.requestId,
    attemptCount: over.attemptCount ?? base.attemptCount,
    server: over.server ?? base.server,
    envoyDebugHeaders: over.envoyDebugHeaders ?? base.envoyDebugHeaders,
  });
}
