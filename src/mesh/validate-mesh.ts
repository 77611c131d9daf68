/** The checks of a mesh configuration, in Istio's order (`agent.ValidateMeshConfig`). */
import { formatDuration } from '../go/duration.ts';
import { ErrorCollector } from '../go/multierror.ts';
import { quote } from '../go/quote.ts';
import { compareStrings } from '../go/utf8.ts';
import type { Duration } from '../protobuf/index.ts';
import { FieldPath } from '../validation/path.ts';
import { Result } from '../validation/result.ts';
import { checkWildcardDomain, isDnsLabel } from '../validation/rules/domains.ts';
import { checkDuration } from '../validation/rules/durations.ts';
import { checkLocalitySettings } from '../validation/rules/locality-settings.ts';
import { checkPort } from '../validation/rules/ports.ts';
import type { MeshConfig } from './defaults.ts';
import { validateProxyConfig } from './validate-proxy-config.ts';

export interface MeshConfigFindings {
  readonly errors: ErrorCollector;
  readonly warnings: readonly string[];
}

/** Checks a complete mesh configuration. Extension providers are not checked: Istio only logs what is wrong with them. */
export function validateMeshConfig(mesh: MeshConfig): MeshConfigFindings {
  const errors = new ErrorCollector();
  const warnings: string[] = [];
  const add = (lead: string, message: string | undefined): void => {
    if (message !== undefined) errors.add(lead + message);
  };
  add('invalid proxy listen port: ', checkPort(mesh.proxyListenPort)?.message);
  add('invalid connect timeout: ', findConnectTimeoutError(mesh.connectTimeout ?? { seconds: 0, nanos: 0 }));
  add('invalid protocol detection timeout: ', findDetectionTimeoutError(mesh.protocolDetectionTimeout));
  if (mesh.defaultConfig === undefined) {
    errors.add('missing default config');
  } else {
    const proxy = validateProxyConfig(mesh.defaultConfig);
    errors.join(proxy.errors);
    warnings.push(...proxy.warnings);
  }
  joinLocalityFindings(mesh, errors, warnings);
  joinListed(errors, findServiceSettingsErrors(mesh));
  joinListed(errors, findTrustDomainErrors(mesh));
  if ((mesh.meshMTLS?.ecdhCurves.length ?? 0) > 0) {
    joinListed(errors, ['mesh TLS does not support ECDH curves configuration']);
  }
  warnings.push(...findCurveWarnings(mesh.tlsDefaults?.ecdhCurves ?? []));
  return { errors, warnings };
}

/** Errors that print as a list even when there is only one. */
function joinListed(errors: ErrorCollector, messages: readonly string[]): void {
  for (const message of messages) errors.addListed(message);
}

const NANOS_PER_SECOND = 1_000_000_000n;
const MIN_TIMEOUT = 1_000_000n;
const MAX_TIMEOUT = 3_600n * NANOS_PER_SECOND;

function nanosOf({ seconds, nanos }: Duration): bigint {
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
}

function findConnectTimeoutError(timeout: Duration): string | undefined {
  const problem = checkDuration(timeout);
  if (problem !== undefined) return problem.message;
  const nanos = nanosOf(timeout);
  if (nanos >= MIN_TIMEOUT && nanos <= MAX_TIMEOUT) return undefined;
  return `time ${formatDuration(nanos)} must be >${formatDuration(MIN_TIMEOUT)} and <${formatDuration(MAX_TIMEOUT)}`;
}

/** 0 switches the detection off; that a negative time makes no sense is not checked. */
function findDetectionTimeoutError(timeout: Duration | undefined): string | undefined {
  if (timeout === undefined || nanosOf(timeout) % MIN_TIMEOUT === 0n) return undefined;
  return 'only durations to ms precision are supported';
}

function joinLocalityFindings({ localityLbSetting }: MeshConfig, errors: ErrorCollector, warnings: string[]): void {
  if (localityLbSetting === undefined) return;
  const result = new Result();
  // Outlier detection is set per destination, so it cannot be judged here.
  checkLocalitySettings(result, FieldPath.root('localityLbSetting'), localityLbSetting, true);
  for (const { message } of result.errors) errors.add(message);
  warnings.push(...result.warnings.map(({ message }) => message));
}

function findServiceSettingsErrors({ serviceSettings }: MeshConfig): string[] {
  return serviceSettings.flatMap(({ hosts }, index) =>
    hosts.flatMap((host) => {
      const problem = checkWildcardDomain(host);
      return problem === undefined ? [] : [`serviceSettings[${index}], host \`${host}\`: ${problem.message}`];
    }),
  );
}

function findTrustDomainErrors({ trustDomain, trustDomainAliases }: MeshConfig): string[] {
  const errors: string[] = [];
  const error = findTrustDomainError(trustDomain);
  if (error !== undefined) errors.push(`trustDomain: ${error}`);
  for (const [index, alias] of trustDomainAliases.entries()) {
    const aliasError = findTrustDomainError(alias);
    if (aliasError !== undefined) errors.push(`trustDomainAliases[${index}], domain \`${alias}\` : ${aliasError}`);
  }
  return errors;
}

function findTrustDomainError(domain: string): string | undefined {
  if (domain === '') return 'empty domain name not allowed';
  const parts = domain.split('.');
  const isValid = parts.every((part, index) => isDnsLabel(part) || (part === '' && index === parts.length - 1));
  return isValid ? undefined : `trust domain name ${quote(domain)} invalid`;
}

const KNOWN_CURVES: ReadonlySet<string> = new Set([
  '',
  'P-224',
  'P-256',
  'P-384',
  'P-521',
  'X25519',
  'X25519Kyber768Draft00',
  'X25519MLKEM768',
]);

function findCurveWarnings(curves: readonly string[]): string[] {
  const unknown = curves.filter((curve) => !KNOWN_CURVES.has(curve));
  const repeated = curves.filter((curve, index) => KNOWN_CURVES.has(curve) && curves.indexOf(curve) < index);
  return [
    ...(unknown.length > 0 ? [`detected unrecognized ECDH curves: ${listText(unknown)}`] : []),
    ...(repeated.length > 0 ? [`detected duplicate ECDH curves: ${listText(repeated)}`] : []),
  ];
}

/** Go's `%v` of the sorted set. */
function listText(items: readonly string[]): string {
  return `[${[...new Set(items)].sort(compareStrings).join(' ')}]`;
}
