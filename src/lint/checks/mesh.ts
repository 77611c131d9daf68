/** The mesh configuration: whether it can be read, fields that do not exist, fields that should not be used any more. */
import { decodeMeshConfig, MeshConfigError } from '../../mesh/index.ts';
import { isWellKnown, messageType, ProtobufJsonError, type Field, type MessageType } from '../../protobuf/index.ts';
import { isRecord, YamlError } from '../../yaml/index.ts';
import { finding, type Finding, type FindingPlace } from '../finding.ts';
import { nearest, proposal } from '../nearest.ts';
import { recordOf, type Subject } from '../subject.ts';
import type { LintText, Path } from '../text.ts';

export function* checkMesh({ mesh }: Subject): Generator<Finding> {
  for (const text of mesh) {
    yield* reading(text);
    yield* fields(recordOf(text.text), messageType('istio.mesh.v1alpha1.MeshConfig'), [], text);
  }
}

function* reading(text: LintText): Generator<Finding> {
  try {
    const { warnings } = decodeMeshConfig(text.text);
    for (const warning of warnings) yield finding('mesh-warning', warning, placeOfWarning(text, warning));
  } catch (error) {
    if (!(error instanceof MeshConfigError)) throw error;
    const { cause, message } = error;
    if (cause instanceof YamlError) {
      yield finding('mesh-unreadable', message, text.placeOfLine(cause.line, cause.column), cause.remedy);
    } else {
      const place = cause instanceof ProtobufJsonError ? text.placeOfPath(stepsOf(cause.path)) : text.whole;
      yield finding('mesh-unreadable', message, place);
    }
  }
}

const stepsOf = (path: string): string[] => path.split(/[.[\]]+/).filter((step) => step !== '');

/** Warnings name what they are about, in quotes or behind a colon. */
function placeOfWarning(text: LintText, warning: string): FindingPlace {
  const word = /'([^']+)'/.exec(warning)?.[1] ?? /: \W*([\w-]+)/.exec(warning)?.[1];
  const start = word === undefined ? -1 : text.text.indexOf(word);
  return word === undefined || start < 0 ? text.whole : text.placeOf({ start, end: start + word.length });
}

/** Fields marked as deprecated in istio.io/api v1.30 (mesh/v1alpha1), by message, and what replaces them. */
const deprecated: Readonly<Record<string, string>> = {
  'ProxyConfig.discoveryRefreshDelay': 'Remove it.',
  'ProxyConfig.zipkinAddress': 'Use `tracing.zipkin.address`.',
  'ProxyConfig.envoyMetricsServiceAddress': 'Use `envoyMetricsService`.',
  'ProxyConfig.availabilityZone': 'Remove it: the locality comes from the node.',
  'ProxyConfig.sds': 'Remove it: SDS is always on.',
  'MeshConfig.certificates': 'Remove it.',
  'MeshConfig.verifyCertificateAtClient': 'Remove it: certificates are verified.',
  'EnvoyExternalAuthorizationHttpProvider.includeHeadersInCheck': 'Use `includeRequestHeadersInCheck`.',
  'ExtensionProvider.lightstep': 'Use `opentelemetry`.',
  'ExtensionProvider.opencensus': 'Use `opentelemetry`.',
  'StackdriverProvider.debug': 'Remove it.',
  'StackdriverProvider.maxNumberOfAttributes': 'Remove it.',
  'StackdriverProvider.maxNumberOfAnnotations': 'Remove it.',
  'StackdriverProvider.maxNumberOfMessageEvents': 'Remove it.',
};

function* fields(value: unknown, type: MessageType, path: Path, text: LintText): Generator<Finding> {
  if (!isRecord(value) || isWellKnown(type)) return;
  const message = type.name.slice(type.name.lastIndexOf('.') + 1);
  for (const [key, item] of Object.entries(value)) {
    const field = type.field(key);
    const here = [...path, key];
    if (field === undefined) {
      const names = type.fields.map(({ jsonName }) => jsonName);
      const fix = proposal(nearest(key, names));
      yield finding('unknown-mesh-field', `${message} has no field "${key}"`, text.placeOfPath(here, 'key'), fix);
      continue;
    }
    const name = `${message}.${field.jsonName}`;
    if (Object.hasOwn(deprecated, name)) {
      const place = text.placeOfPath(here, 'key');
      yield finding('deprecated-mesh-field', `${name} is deprecated`, place, deprecated[name]);
    }
    yield* below(item, field, here, text);
  }
}

function* below(value: unknown, { type, cardinality }: Field, path: Path, text: LintText): Generator<Finding> {
  if (type.kind !== 'message') return;
  const message = type.message();
  if (cardinality === 'singular') yield* fields(value, message, path, text);
  if (cardinality === 'list' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* fields(item, message, [...path, index], text);
  }
  if (cardinality === 'map' && isRecord(value)) {
    for (const [key, item] of Object.entries(value)) yield* fields(item, message, [...path, key], text);
  }
}
