/** The annotation `proxy.istio.io/config`: a ProxyConfig as YAML. */
import { rememberByText } from '../memo/index.ts';
import { ProtobufJsonError } from '../protobuf/index.ts';
import { YamlError } from '../yaml/index.ts';
import { decodeDocument } from './decode.ts';
import type { ProxyConfig } from './defaults.ts';
import { defaultProxyConfig } from './defaults.ts';
import { applyProxyConfigJson, emptyProxyConfig } from './proxy-config-merge.ts';
import { validateProxyConfig } from './validate-proxy-config.ts';

/**
 * `base` with the settings of an annotation, zero values too, as `kube-inject` and the ordering of containers take it.
 * A text that cannot be read changes nothing; {@link explainProxyConfigAnnotation} has refused it before.
 */
export function applyProxyConfigAnnotation(base: ProxyConfig | undefined, text: string): ProxyConfig {
  const config = base ?? emptyProxyConfig;
  return decodeAnnotation(config, text, () => config);
}

/** The settings of an annotation alone; undefined when the text cannot be read. All pods of a workload have the same text. */
export const parseProxyConfigAnnotation: (text: string) => ProxyConfig | undefined = rememberByText((text) =>
  decodeAnnotation(emptyProxyConfig, text, () => undefined),
);

/**
 * Why Istio refuses an annotation, or undefined when it accepts it. The settings are checked on top of the built-in defaults,
 * so the mesh's own settings never repair an annotation. Warnings are lost.
 */
export const explainProxyConfigAnnotation: (text: string) => string | undefined = rememberByText((text) => {
  const applied = decodeAnnotation(
    defaultProxyConfig,
    text,
    (reason) => `failed to convert to apply proxy config: ${reason}`,
  );
  return typeof applied === 'string' ? applied : validateProxyConfig(applied).errors.render();
});

/** Documents are only read, never changed. */
const documentOf = rememberByText(decodeDocument);

function decodeAnnotation<T>(base: ProxyConfig, text: string, onFailure: (reason: string) => T): ProxyConfig | T {
  try {
    return applyProxyConfigJson(base, documentOf(text));
  } catch (error) {
    if (error instanceof ProtobufJsonError || error instanceof YamlError) return onFailure(error.message);
    throw error;
  }
}
