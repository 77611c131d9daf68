/** Where requests come from. */
import type { Source } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { findBadAddresses, findBadServiceAccount, findBadTrustDomain, findEmpty } from './values.ts';
import type { WrongValue } from './values.ts';

type SourceField = keyof Source;

const addressFields: readonly SourceField[] = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];

/** Fields in the order in which Istio looks at their values, with the name that its texts give them and their check. */
const valueChecks: readonly (readonly [SourceField, string, typeof findEmpty])[] = [
  ['principals', 'Principals', findEmpty],
  ['requestPrincipals', 'RequestPrincipals', findEmpty],
  ['namespaces', 'Namespaces', findEmpty],
  ['serviceAccounts', 'ServiceAccounts', findBadServiceAccount],
  ['trustDomains', 'TrustDomains', findBadTrustDomain],
  ['ipBlocks', 'IpBlocks', findEmpty],
  ['remoteIpBlocks', 'RemoteIpBlocks', findEmpty],
  ['notPrincipals', 'NotPrincipals', findEmpty],
  ['notRequestPrincipals', 'NotRequestPrincipals', findEmpty],
  ['notNamespaces', 'NotNamespaces', findEmpty],
  ['notServiceAccounts', 'NotServiceAccounts', findBadServiceAccount],
  ['notTrustDomains', 'NotTrustDomains', findBadTrustDomain],
  ['notIpBlocks', 'NotIpBlocks', findEmpty],
  ['notRemoteIpBlocks', 'NotRemoteIpBlocks', findEmpty],
];

const namespaceFields: readonly SourceField[] = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'];
const serviceAccountFields: readonly SourceField[] = ['serviceAccounts', 'notServiceAccounts'];
const tcpFields: readonly SourceField[] = [...namespaceFields, ...serviceAccountFields, ...addressFields];

/** Checks one source of rule number `ruleIndex`. */
export function checkSource(result: Result, path: FieldPath, source: Source, ruleIndex: number): void {
  if (hasAny(source, namespaceFields) && hasAny(source, serviceAccountFields)) {
    const message = `cannot set serviceAccounts with namespaces or principals, found at rule ${ruleIndex}`;
    result.error(path.at('serviceAccounts'), problem('source-conflict', message));
  }
  if (valueChecks.every(([field]) => source[field].length === 0)) {
    const message = `\`from.source\` must not be empty, found at rule ${ruleIndex}`;
    result.error(path, problem('rule-part-empty', message));
  }
  for (const field of addressFields) {
    for (const { index, problem: found } of findBadAddresses(source[field])) {
      result.listError(path.at(field).at(index), found);
    }
  }
  for (const [field, name, find] of valueChecks) {
    addFound(result, path.at(field), find(source[field], name));
  }
}

/** Whether the source can be told from a TCP connection, without HTTP. */
export function isTcpSource(source: Source): boolean {
  return hasAny(source, tcpFields);
}

function hasAny(source: Source, fields: readonly SourceField[]): boolean {
  return fields.some((field) => source[field].length > 0);
}

/** Adds a wrong value of a list. */
export function addFound(result: Result, path: FieldPath, found: WrongValue | undefined): void {
  if (found !== undefined) result.error(path.at(found.index), found.problem);
}
