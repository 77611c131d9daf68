/** What requests do. */
import type { Operation } from '../../../protobuf/istio-types.ts';
import type { FieldPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { addFound } from './sources.ts';
import { findBadPath, findBadPorts, findEmpty } from './values.ts';

/** Fields in the order in which Istio looks for empty values, with the name that its texts give them. */
const fields = [
  ['ports', 'Ports'],
  ['methods', 'Methods'],
  ['paths', 'Paths'],
  ['hosts', 'Hosts'],
  ['notPorts', 'NotPorts'],
  ['notMethods', 'NotMethods'],
  ['notPaths', 'NotPaths'],
  ['notHosts', 'NotHosts'],
] as const;

/** Checks one operation of rule number `ruleIndex`. */
export function checkOperation(result: Result, path: FieldPath, operation: Operation, ruleIndex: number): void {
  if (fields.every(([field]) => operation[field].length === 0)) {
    const message = `\`to.operation\` must not be empty, found at rule ${ruleIndex}`;
    result.error(path, problem('rule-part-empty', message));
  }
  for (const field of ['ports', 'notPorts'] as const) {
    for (const { index, problem: found } of findBadPorts(operation[field])) {
      result.listError(path.at(field).at(index), found);
    }
  }
  for (const [field, name] of fields) addFound(result, path.at(field), findEmpty(operation[field], name));
  addFound(result, path.at('paths'), findBadPath(operation.paths, 'Paths'));
  addFound(result, path.at('notPaths'), findBadPath(operation.notPaths, 'NotPaths'));
}

/** Whether the operation can be told from a TCP connection, without HTTP. */
export function isTcpOperation({ ports, notPorts }: Operation): boolean {
  return ports.length > 0 || notPorts.length > 0;
}
