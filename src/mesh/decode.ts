/** Reading the documents of the mesh configuration (Istio's `mesh.ApplyMeshConfig`). */
import { compareStrings } from '../go/utf8.ts';
import type { MeshConfig_ExtensionProvider } from '../protobuf/index.ts';
import { messageType, ProtobufJsonError, readMessageOnto, withFields } from '../protobuf/index.ts';
import { decodeYamlExact, isRecord, YamlError } from '../yaml/index.ts';
import type { MeshConfig, ProxyConfig } from './defaults.ts';
import { defaultMeshConfig, defaultProxyConfig } from './defaults.ts';
import { applyProxyConfigJson } from './proxy-config-merge.ts';
import { validateMeshConfig } from './validate-mesh.ts';

/** A document that cannot be used; the message is Istio's. The cause is a `YamlError`, a `ProtobufJsonError`, or absent when validation refused it. */
export class MeshConfigError extends Error {
  override readonly name = 'MeshConfigError';
}

/** A mesh configuration, and what deserves a look in it. */
export interface DecodedMeshConfig {
  readonly mesh: MeshConfig;
  readonly warnings: readonly string[];
}

const meshConfigType = messageType('istio.mesh.v1alpha1.MeshConfig');
const defaultProvidersType = messageType('istio.mesh.v1alpha1.MeshConfig.DefaultProviders');

/**
 * The mesh configuration of a document (key `mesh` of the ConfigMap `istio`) on top of another, by default the built-in one.
 * Unknown fields are ignored. Throws {@link MeshConfigError}.
 */
export function decodeMeshConfig(text: string, base: MeshConfig = defaultMeshConfig): DecodedMeshConfig {
  const mesh = applyMeshConfig(text, base);
  const { errors, warnings } = validateMeshConfig(mesh);
  const message = errors.render();
  if (message !== undefined) throw new MeshConfigError(message);
  return { mesh, warnings };
}

/** As {@link decodeMeshConfig}, without validation. */
export function applyMeshConfig(text: string, base: MeshConfig = defaultMeshConfig): MeshConfig {
  const document = explainingFailure('failed to convert to proto. ', () => decodeDocument(text));
  // Everything is read first, so that faults come in the order of the fields; then what is not simply replaced is merged.
  const replaced = explainingFailure('failed to convert to proto. ', () =>
    readMessageOnto(meshConfigType, base, document),
  );
  return withFields(replaced, {
    defaultConfig: mergeDefaultConfig(base, own(document, 'defaultConfig')),
    defaultProviders: mergeDefaultProviders(base, own(document, 'defaultProviders')),
    extensionProviders:
      replaced.extensionProviders === base.extensionProviders
        ? base.extensionProviders
        : mergeProviders(base.extensionProviders, replaced.extensionProviders),
    trustDomainAliases: [...new Set([...replaced.trustDomainAliases, ...base.trustDomainAliases])].sort(compareStrings),
  });
}

const convertPrefix = /^error converting YAML to JSON: /;

/** A YAML document as JSON; the errors lack the lead-in that only one of the two ways of decoding YAML in Go has. */
export function decodeDocument(text: string): unknown {
  try {
    return decodeYamlExact(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new YamlError(error.message.replace(convertPrefix, ''), error.line, error.column, error.remedy);
  }
}

function explainingFailure<T>(lead: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ProtobufJsonError || error instanceof YamlError)) throw error;
    throw new MeshConfigError(lead + error.message, { cause: error });
  }
}

function own(document: unknown, key: string): unknown {
  return isRecord(document) && Object.hasOwn(document, key) ? document[key] : undefined;
}

function mergeDefaultConfig(base: MeshConfig, json: unknown): ProxyConfig {
  const config = base.defaultConfig ?? defaultProxyConfig;
  if (json == null) return config;
  return explainingFailure('could not parse proxy config: ', () => applyProxyConfigJson(config, json));
}

function mergeDefaultProviders(base: MeshConfig, json: unknown): MeshConfig['defaultProviders'] {
  const providers = base.defaultProviders ?? defaultProvidersType.create();
  return explainingFailure('could not parse default providers: ', () =>
    readMessageOnto(defaultProvidersType, providers, json),
  );
}

type Provider = MeshConfig_ExtensionProvider;

/** A provider replaces the first one of its name, else it is added. */
function mergeProviders(base: readonly Provider[], added: readonly Provider[]): readonly Provider[] {
  const merged = [...base];
  for (const provider of added) {
    const index = merged.findIndex(({ name }) => name === provider.name);
    if (index < 0) merged.push(provider);
    else merged[index] = provider;
  }
  return merged;
}
