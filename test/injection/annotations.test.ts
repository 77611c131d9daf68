import { describe, expect, it } from 'vitest';
import { findAnnotationErrors } from '../../src/injection/annotations/validation.ts';
import { metadataRegistry } from '../../src/injection/annotations/registry.ts';

const reasonOf = (name: string, value: string): string | undefined => {
  const lead = `1 error occurred:\n\t* invalid value '${value}' for annotation '${name}': `;
  const errors = findAnnotationErrors({ [name]: value });
  if (errors === undefined) return undefined;
  expect(errors.startsWith(lead), errors).toBe(true);
  return errors.slice(lead.length, -'\n\n'.length);
};

const syntax = (value: string): string => `strconv.ParseUint: parsing "${value}": invalid syntax`;
const range = (value: string): string => `strconv.ParseUint: parsing "${value}": value out of range`;

describe('values of annotations', () => {
  it.each([
    ['sidecar.istio.io/interceptionMode', ['REDIRECT', 'TPROXY', 'NONE']],
    ['status.sidecar.istio.io/port', ['0', '65535', ' 1234 ']],
    ['readiness.status.sidecar.istio.io/periodSeconds', ['0', '010', '4294967295']],
    ['traffic.sidecar.istio.io/includeOutboundIPRanges', ['*', '', '10.1.2.3/8,fd00::/8']],
    ['traffic.sidecar.istio.io/excludeOutboundIPRanges', ['', '0.0.0.0/0']],
    ['traffic.sidecar.istio.io/includeInboundPorts', ['*', '', ' ', '80, 443 ,0']],
    ['traffic.sidecar.istio.io/excludeInboundPorts', ['', '80']],
    ['traffic.sidecar.istio.io/excludeOutboundPorts', [' ', '1,2']],
    ['traffic.sidecar.istio.io/includeOutboundPorts', ['anything']],
    ['traffic.sidecar.istio.io/excludeInterfaces', ['', 'eth0, br-1.2_x']],
    ['prometheus.istio.io/merge-metrics', ['1', 't', 'TRUE', 'False']],
    ['sidecar.istio.io/proxyCPU', ['100m', '-1', '1e3', '+5']],
    ['proxy.istio.io/config', ['', 'concurrency: -1', 'unknownField: 1']],
    ['example.com/other', ['anything']],
    ['__proto__', ['anything']],
  ])('accepts for %s: %j', (name, values) => {
    for (const value of values)
      expect(
        findAnnotationErrors(JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as never),
      ).toBeUndefined();
  });

  it.each([
    ['sidecar.istio.io/interceptionMode', '', 'interceptionMode invalid, use REDIRECT,TPROXY,NONE: '],
    ['sidecar.istio.io/interceptionMode', 'none', 'interceptionMode invalid, use REDIRECT,TPROXY,NONE: none'],
    [
      'status.sidecar.istio.io/port',
      '65536',
      `excludeInboundPorts invalid: failed parsing port '65536': ${range('65536')}`,
    ],
    ['status.sidecar.istio.io/port', '', `excludeInboundPorts invalid: failed parsing port '': ${syntax('')}`],
    ['readiness.status.sidecar.istio.io/failureThreshold', ' 1', syntax(' 1')],
    ['readiness.status.sidecar.istio.io/failureThreshold', '1_0', syntax('1_0')],
    ['readiness.status.sidecar.istio.io/failureThreshold', '4294967296', range('4294967296')],
    [
      'traffic.sidecar.istio.io/includeOutboundIPRanges',
      '1.2.3.4',
      `includeIPRanges invalid: failed parsing cidr '1.2.3.4': netip.ParsePrefix("1.2.3.4"): no '/'`,
    ],
    [
      'traffic.sidecar.istio.io/excludeOutboundIPRanges',
      '*',
      `excludeIPRanges invalid: failed parsing cidr '*': netip.ParsePrefix("*"): no '/'`,
    ],
    [
      'traffic.sidecar.istio.io/includeInboundPorts',
      '80,',
      `includeInboundPorts invalid: failed parsing port '': failed parsing port '': ${syntax('')}`,
    ],
    [
      'traffic.sidecar.istio.io/includeInboundPorts',
      ' -1 ',
      `includeInboundPorts invalid: failed parsing port '-1': failed parsing port '-1': ${syntax('-1')}`,
    ],
    [
      'traffic.sidecar.istio.io/excludeInboundPorts',
      '*',
      `excludeInboundPorts invalid: failed parsing port '*': failed parsing port '*': ${syntax('*')}`,
    ],
    [
      'traffic.sidecar.istio.io/excludeOutboundPorts',
      'a',
      `excludeOutboundPorts invalid: failed parsing port 'a': failed parsing port 'a': ${syntax('a')}`,
    ],
    ['istio.io/reroute-virtual-interfaces', 'a,', 'empty interface name'],
    [
      'istio.io/reroute-virtual-interfaces',
      'sixteen-letters-',
      'interface name "sixteen-letters-" too long (max 15 chars)',
    ],
    ['traffic.sidecar.istio.io/kubevirtInterfaces', '0eth', 'interface name "0eth" contains invalid characters'],
    ['prometheus.istio.io/merge-metrics', 'yes', 'strconv.ParseBool: parsing "yes": invalid syntax'],
    ['sidecar.istio.io/proxyMemory', '1\n', 'value contains control characters'],
    [
      'sidecar.istio.io/proxyMemory',
      '',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'proxy.istio.io/config',
      'statusPort: 0',
      '1 error occurred:\n\t* invalid status port: port number 0 must be in the range 1..65535\n\n',
    ],
  ])('refuses for %s: %j', (name, value, reason) => {
    expect(reasonOf(name, value)).toBe(reason);
  });

  it('are all checked, in the order of their names', () => {
    const errors = findAnnotationErrors({
      'status.sidecar.istio.io/port': 'x',
      'sidecar.istio.io/interceptionMode': 'y',
    });
    expect(errors).toBe(
      '2 errors occurred:\n' +
        "\t* invalid value 'y' for annotation 'sidecar.istio.io/interceptionMode': interceptionMode invalid, use REDIRECT,TPROXY,NONE: y\n" +
        "\t* invalid value 'x' for annotation 'status.sidecar.istio.io/port': excludeInboundPorts invalid: failed parsing port 'x': " +
        'strconv.ParseUint: parsing "x": invalid syntax\n\n',
    );
  });
});

describe('the registry', () => {
  it('names everything once', () => {
    const keys = metadataRegistry.map(({ kind, on, name }) => `${on} ${kind} ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(metadataRegistry.map((entry) => [entry.name, entry] as const))(
    'describes %s',
    (_name, { form, default: absent, effect }) => {
      expect([form, absent, effect].every((text) => text !== '')).toBe(true);
    },
  );
});
