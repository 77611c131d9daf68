/** Conditions on attributes of requests. */
import { renderErrorList } from '../../../go/multierror.ts';
import type { Condition } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Problem, Result } from '../../result.ts';
import { findBadAddresses, findBadPorts, findBadServiceAccount, findBadWildcard, findEmpty } from './values.ts';
import type { WrongValue } from './values.ts';

/** Checks one entry of `when`. A key that Istio does not know is reported for values and for notValues alike. */
export function checkCondition(result: Result, path: FieldPath, { key, values, notValues }: Condition): void {
  if (key === '') {
    result.error(path.at('key'), problem('condition-key-empty', '`key` must not be empty'));
    return;
  }
  if (values.length === 0 && notValues.length === 0) {
    const message = `at least one of \`values\` or \`notValues\` must be set for key ${key}`;
    result.error(path.at('values'), problem('condition-values', message));
    return;
  }
  checkAttribute(result, path, key, values, 'value');
  checkAttribute(result, path, key, notValues, 'notValue');
}

function checkAttribute(
  result: Result,
  path: FieldPath,
  key: string,
  values: readonly string[],
  name: 'value' | 'notValue',
): void {
  const empty = findEmpty(values, key);
  const byKey = empty === undefined ? checkKey(key) : undefined;
  const wrong = empty ?? (byKey === undefined ? findWrongValue(key, values) : undefined);
  const found = byKey ?? wrong?.problem;
  if (found === undefined) return;
  const place = wrong === undefined ? path.at('key') : path.at(`${name}s`).at(wrong.index);
  result.error(place, problem(found.code, `invalid \`${name}\` for \`key\` ${key}: ${found.message}`));
}

type FindWrong = (values: readonly string[], key: string) => WrongValue | undefined;

const anyValue: FindWrong = () => undefined;

const attributes: ReadonlyMap<string, FindWrong> = new Map<string, FindWrong>([
  ['source.ip', (values) => listed(findBadAddresses(values))],
  ['remote.ip', (values) => listed(findBadAddresses(values))],
  ['destination.ip', (values) => listed(findBadAddresses(values))],
  ['destination.port', (values) => listed(findBadPorts(values))],
  ['source.namespace', anyValue],
  ['source.principal', anyValue],
  ['source.serviceAccount', findBadServiceAccount],
  ['source.trustDomain', findBadWildcard],
  ['request.auth.principal', anyValue],
  ['request.auth.audiences', anyValue],
  ['request.auth.presenter', anyValue],
  ['connection.sni', anyValue],
]);

/** Starts of attributes that are maps, read as `name[entry]`. */
const mapAttributes = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

/** What is wrong with an attribute's name, whatever its values. */
function checkKey(key: string): Problem | undefined {
  if (attributes.has(key)) return undefined;
  if (mapAttributes.some((start) => key.startsWith(start))) {
    return isMapEntry(key) ? undefined : problem('condition-key', `bad key (${key}): should have format a[b]`);
  }
  if (key === 'destination.namespace') {
    return problem('condition-key', `attribute ${key} is replaced by the metadata.namespace`);
  }
  if (key.startsWith('destination.labels')) {
    return problem('condition-key', `attribute ${key} is replaced by the workload selector`);
  }
  if (key === 'destination.name' || key === 'destination.user') {
    return problem('condition-key', `deprecated attribute ${key}: only supported in v1alpha1`);
  }
  return problem('condition-key', `unknown attribute: ${key}`);
}

function isMapEntry(key: string): boolean {
  const open = key.indexOf('[');
  return key.endsWith(']') && open > 0 && open < key.length - 2;
}

function findWrongValue(key: string, values: readonly string[]): WrongValue | undefined {
  return attributes.get(key)?.(values, key);
}

/** All wrong values as one problem, whose text is their list. */
function listed(wrong: readonly WrongValue[]): WrongValue | undefined {
  const [first] = wrong;
  if (first === undefined) return undefined;
  const message = renderErrorList(wrong.map(({ problem: found }) => found.message));
  return { index: first.index, problem: problem(first.problem.code, message) };
}
