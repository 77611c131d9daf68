import { describe, expect, it } from 'vitest';
import { errorsOf, warningsOf } from '../support.ts';

const http = { number: 80, name: 'http', protocol: 'HTTP' };
const tcp = { number: 81, name: 'tcp', protocol: 'TCP' };
const base = { hosts: ['a.com'], ports: [http], resolution: 'DNS' };
const errors = (fields: object, metadata?: object): string[] =>
  errorsOf('ServiceEntry', { ...base, ...fields }, metadata);
const warnings = (fields: object, metadata?: object): readonly string[] =>
  warningsOf('ServiceEntry', { ...base, ...fields }, metadata);

describe('a ServiceEntry', () => {
  it.each([
    [{}, []],
    [{ ports: [] }, []],
    [{ hosts: [] }, ['service entry must have at least one host']],
    [{ hosts: ['*'], resolution: 'NONE' }, ['invalid host *']],
    [{ addresses: ['1.2.3.4', '10.0.0.0/8'] }, ['CIDR addresses are allowed only for NONE/STATIC resolution types']],
    [{ addresses: ['x'], resolution: 'STATIC' }, ['x is not a valid IP']],
    [
      { ports: [http, { ...http, targetPort: 70000 }, { protocol: 'x' }] },
      [
        'service entry port name "http" already defined',
        'service entry port 80 already defined',
        'port number 70000 must be in the range 1..65535',
        'invalid port name: ',
        'unsupported protocol: x',
        'port number 0 must be in the range 1..65535',
      ],
    ],
    [{ workloadSelector: { labels: { a: '*' } }, hosts: [] }, ['wildcard is not supported in selector: "a=*"']],
    [
      { workloadSelector: { labels: { a: 'b' } }, endpoints: [{ address: '1.2.3.4' }], resolution: 'STATIC' },
      ['only one of WorkloadSelector or Endpoints is allowed in Service Entry'],
    ],
    [{ hosts: ['a.com', 'b.com'], ports: [tcp] }, ['multiple hosts provided with non-HTTP, non-TLS ports']],
    [{ exportTo: ['~'] }, []],
    [{ resolution: 9 }, ['unsupported resolution type ']],
  ])('%j', (fields, expected) => {
    expect(errors(fields)).toEqual(expected);
  });

  it('warns of partial wildcards unless they are resolved on demand', () => {
    expect(warnings({ hosts: ['*a.com'], resolution: 'NONE' })).toEqual(['partial wildcard "*a.com" not allowed']);
    expect(warnings({ hosts: ['*a.com'], resolution: 'DYNAMIC_DNS', location: 'MESH_EXTERNAL' })).toEqual([]);
  });

  it('warns of TCP ports without addresses', () => {
    const warning =
      'addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled';
    const labels = { 'networking.istio.io/enable-autoallocate-ip': 'False' };
    expect(warnings({ ports: [tcp] })).toEqual([]);
    expect(warnings({ ports: [tcp], resolution: 'NONE' })).toEqual([warning]);
    expect(warnings({ ports: [tcp] }, { labels })).toEqual([warning]);
    expect(warnings({ ports: [tcp], addresses: ['1.2.3.4'] }, { labels })).toEqual([]);
  });

  it('warns of selectors that do not fit', () => {
    expect(warnings({ workloadSelector: {}, resolution: 'NONE' })).toEqual([
      'service entry: workload selector specified without labels, will be applied to all services in namespace',
      'workloadSelector should not be set when resolution mode is NONE',
    ]);
  });

  it('warns of several hosts with addresses and a TCP port', () => {
    expect(
      warnings({ hosts: ['a.com', 'b.com'], addresses: ['1.2.3.4'], ports: [{ ...http, protocol: 'HTTPS' }] }),
    ).toEqual(['service entry can not have more than one host specified simultaneously with address and tcp port']);
  });
});

describe('the resolution of a ServiceEntry', () => {
  const dynamic = { hosts: ['*.a.com'], resolution: 'DYNAMIC_DNS', location: 'MESH_EXTERNAL' };
  it.each([
    [
      { resolution: 'NONE', endpoints: [{ address: '1.2.3.4' }] },
      ['no endpoints should be provided for resolution type none'],
    ],
    [
      { resolution: 'STATIC', endpoints: [{ address: 'a.com', ports: { x: 0 } }, {}, { address: 'unix:///a' }] },
      [
        'endpoint address "a.com" is not a valid IP address',
        'endpoint port 0 is not defined by the service entry',
        'port number 0 must be in the range 1..65535',
        'address is required',
      ],
    ],
    [
      { resolution: 'STATIC', ports: [http, tcp], endpoints: [{ address: 'unix:///a', ports: { http: 80 } }] },
      ['unix endpoint unix:///a must not include ports', 'exactly 1 service port required for unix endpoints'],
    ],
    [
      { hosts: ['a.com', '*.b.com', '*.c.com'] },
      [
        'hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode DNS, domain name "*.b.com" invalid (label "*" invalid)',
      ],
    ],
    [{ hosts: ['*.b.com'], endpoints: [{ address: 'x.com' }, { address: '::1' }] }, []],
    [
      {
        resolution: 'DNS_ROUND_ROBIN',
        endpoints: [{ address: 'x.com' }, { address: '', labels: { '@': '' }, ports: { y_: 1 } }],
      },
      [
        'there must only be 0 or 1 endpoint for resolution mode DNS_ROUND_ROBIN',
        'endpoint address "" is not a valid FQDN or an IP address',
        'invalid tag key: "@"',
        'endpoint port 1 is not defined by the service entry',
        'invalid port name: y_',
      ],
    ],
    [dynamic, []],
    [
      { ...dynamic, hosts: [] },
      [
        'service entry must have at least one host',
        'at least one wildcard host must be provided for resolution type DYNAMIC_DNS',
      ],
    ],
    [
      { ...dynamic, hosts: ['a.com'], addresses: ['1.2.3.4'], endpoints: [{}], ports: [tcp], location: 5 },
      [
        'host must be wildcarded for resolution mode DYNAMIC_DNS',
        'addresses cannot be set for resolution type DYNAMIC_DNS. HTTP route domains will only be generatedfrom the hosts field values',
        'endpoints cannot be set for resolution type DYNAMIC_DNS. Destination IP address determined from hostsfield values',
        'only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type DYNAMIC_DNS',
        'location must be MESH_EXTERNAL or MESH_INTERNAL for resolution type DYNAMIC_DNS',
      ],
    ],
  ])('%j', (fields, expected) => {
    expect(errors(fields)).toEqual(expected);
  });

  it('on demand does not go with waypoints inside the mesh', () => {
    const fields = { ...dynamic, location: 'MESH_INTERNAL' };
    expect(errors(fields, { labels: { 'istio.io/use-waypoint': 'None' } })).toEqual([]);
    expect(errors(fields, { labels: { 'istio.io/use-waypoint': 'w' } })).toEqual([
      'location MESH_INTERNAL with resolution type DYNAMIC_DNS is not supported when using waypoints',
    ]);
  });
});
