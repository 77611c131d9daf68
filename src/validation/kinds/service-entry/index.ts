/** ServiceEntry (networking.istio.io). */
import { quote } from '../../../go/quote.ts';
import type { ServiceEntry } from '../../../protobuf/istio-types.ts';
import { defineKind } from '../../kind.ts';
import type { ObjectMetadata } from '../../kind.ts';
import { specPath } from '../../path.ts';
import { problem } from '../../result.ts';
import type { Result } from '../../result.ts';
import { checkSubnet } from '../../rules/addresses.ts';
import { checkPartialWildcard, checkWildcardDomain } from '../../rules/domains.ts';
import { checkExportTo } from '../../rules/export-to.ts';
import { checkPort, checkPortName, checkProtocol, isHttp, isTls, parseProtocol } from '../../rules/ports.ts';
import { checkWorkloadSelector } from '../../rules/selectors.ts';
import { checkResolution } from './resolution.ts';

/** `false` keeps Istio from giving the hosts virtual addresses. */
const autoAllocateLabel = 'networking.istio.io/enable-autoallocate-ip';

export const serviceEntry = defineKind({
  group: 'networking.istio.io',
  kind: 'ServiceEntry',
  message: 'istio.networking.v1alpha3.ServiceEntry',
  validate(spec, metadata, result) {
    const selectorPath = specPath.at('workloadSelector');
    if (!checkWorkloadSelector(result, selectorPath, spec.workloadSelector, 'service entry')) return;
    if (spec.workloadSelector !== undefined && spec.endpoints.length > 0) {
      const message = 'only one of WorkloadSelector or Endpoints is allowed in Service Entry';
      result.error(selectorPath, problem('endpoints-conflict', message));
    }
    checkHosts(result, spec);
    checkAddresses(result, spec);
    checkPorts(result, spec, metadata);
    checkResolution(result, spec, metadata);
    checkPortsOfManyHosts(result, spec);
    checkExportTo(result, specPath.at('exportTo'), spec.exportTo, metadata.namespace, { allowsNone: true });
  },
});

function checkHosts(result: Result, { hosts, resolution }: ServiceEntry): void {
  const path = specPath.at('hosts');
  if (hosts.length === 0) {
    result.error(path, problem('host-required', 'service entry must have at least one host'));
  }
  hosts.forEach((host, index) => {
    if (host === '*') {
      result.error(path.at(index), problem('host-wildcard', 'invalid host *'));
      return;
    }
    result.error(path.at(index), checkWildcardDomain(host));
    if (resolution !== 'DYNAMIC_DNS') result.warn(path.at(index), checkPartialWildcard(host));
  });
}

function checkAddresses(result: Result, { addresses, resolution }: ServiceEntry): void {
  const path = specPath.at('addresses');
  addresses.forEach((address, index) => {
    result.error(path.at(index), checkSubnet(address));
  });
  const block = addresses.findIndex((address) => address.includes('/'));
  if (block >= 0 && resolution !== 'NONE' && resolution !== 'STATIC') {
    const message = 'CIDR addresses are allowed only for NONE/STATIC resolution types';
    result.error(path.at(block), problem('cidr-resolution', message));
  }
}

function checkPorts(result: Result, spec: ServiceEntry, metadata: ObjectMetadata): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const needsAddresses = spec.addresses.length === 0 && !allocatesAddresses(spec, metadata);
  spec.ports.forEach(({ name, number, targetPort, protocol }, index) => {
    const path = specPath.at('ports').at(index);
    if (names.has(name)) {
      const message = `service entry port name ${quote(name)} already defined`;
      result.error(path.at('name'), problem('port-name-duplicate', message));
    }
    if (numbers.has(number)) {
      const message = `service entry port ${number} already defined`;
      result.error(path.at('number'), problem('port-duplicate', message));
    }
    names.add(name);
    numbers.add(number);
    if (targetPort !== 0) result.error(path.at('targetPort'), checkPort(targetPort));
    if (needsAddresses && (protocol === '' || protocol === 'TCP')) {
      const message =
        'addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled';
      result.warn(path.at('protocol'), problem('tcp-without-addresses', message));
    }
    result.error(path.at('name'), checkPortName(name));
    result.error(path.at('protocol'), checkProtocol(protocol));
    result.error(path.at('number'), checkPort(number));
  });
}

/** Whether Istio gives the hosts virtual addresses of its own. */
function allocatesAddresses({ resolution }: ServiceEntry, { labels }: ObjectMetadata): boolean {
  return resolution !== 'NONE' && labels[autoAllocateLabel]?.toLowerCase() !== 'false';
}

/** Only HTTP and TLS tell which of several hosts is meant. */
function checkPortsOfManyHosts(result: Result, { hosts, ports, resolution }: ServiceEntry): void {
  if (resolution === 'NONE' || hosts.length < 2) return;
  const index = ports.findIndex(({ protocol }) => {
    const parsed = parseProtocol(protocol);
    return !isHttp(parsed) && !isTls(parsed);
  });
  if (index < 0) return;
  const message = 'multiple hosts provided with non-HTTP, non-TLS ports';
  result.error(specPath.at('ports').at(index).at('protocol'), problem('hosts-protocol', message));
}
