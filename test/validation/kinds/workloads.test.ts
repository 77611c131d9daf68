import { describe, expect, it } from 'vitest';
import { errorsOf, warningsOf } from '../support.ts';

describe('a WorkloadEntry', () => {
  it.each([
    [{ address: '1.2.3.4', ports: { http: 80 }, labels: { a: 'b' } }, []],
    [{ address: 'a.com' }, []],
    [{ address: 'unix:///a' }, []],
    [{}, ['address is required']],
    [
      { address: 'a_b', ports: { a_b: 0 }, labels: { a: '-' } },
      [
        'endpoint address "a_b" is not a valid FQDN or an IP address',
        'invalid port name: a_b',
        'port number 0 must be in the range 1..65535',
        'invalid tag value: "-"',
      ],
    ],
    [
      { address: 'unix://a', ports: { a: 1 } },
      ['a is not an absolute path to a file', 'unix endpoint unix://a must not include ports'],
    ],
  ])('%j', (spec, expected) => {
    expect(errorsOf('WorkloadEntry', spec)).toEqual(expected);
  });

  it('may leave the address to its network', () => {
    expect(warningsOf('WorkloadEntry', { network: 'n' })).toEqual(['address is unset with network "n"']);
  });
});

describe('a WorkloadGroup', () => {
  const template = { address: 'a_b', ports: { a_b: 0 } };
  const probeErrors = (probe: object): string[] => errorsOf('WorkloadGroup', { template, probe });

  it('needs a template, whose contents are not looked at', () => {
    expect(errorsOf('WorkloadGroup', {})).toEqual(['template is required']);
    expect(errorsOf('WorkloadGroup', { template })).toEqual([]);
  });

  it('has labels', () => {
    expect(errorsOf('WorkloadGroup', { template, metadata: { labels: { '@': 'a' } }, probe: {} })).toEqual([
      'invalid labels: 1 error occurred:\n\t* invalid tag key: "@"\n\n',
    ]);
  });

  it.each([
    [{ httpGet: { port: 80, scheme: 'HTTPS', httpHeaders: [{ name: 'x-a' }] } }, []],
    [
      { httpGet: { scheme: 'http', httpHeaders: [{ name: 'x_a' }] } },
      [
        'port number 0 must be in the range 1..65535',
        'httpGet.scheme must be one of "HTTPS", "HTTP"',
        'header name x_a is not a valid header name',
      ],
    ],
    [{ tcpSocket: {} }, ['port number 0 must be in the range 1..65535']],
    [{ exec: { command: ['true'] } }, []],
    [{ exec: {} }, ['exec.command is required']],
    [{ grpc: { port: 80 } }, ['unknown health check method *v1alpha3.ReadinessProbe_Grpc']],
    [
      { periodSeconds: -1, initialDelaySeconds: -1, timeoutSeconds: -1, successThreshold: -1, failureThreshold: -1 },
      [
        'periodSeconds must be non-negative',
        'initialDelaySeconds must be non-negative',
        'timeoutSeconds must be non-negative',
        'successThreshold must be non-negative',
        'failureThreshold must be non-negative',
        'unknown health check method <nil>',
      ],
    ],
  ])('has a probe %j', (probe, expected) => {
    expect(probeErrors(probe)).toEqual(expected);
  });
});

describe('a ProxyConfig', () => {
  it('has no negative concurrency', () => {
    expect(errorsOf('ProxyConfig', { concurrency: 0 })).toEqual([]);
    expect(errorsOf('ProxyConfig', { concurrency: -1 })).toEqual(['concurrency must be greater than or equal to 0']);
  });

  it('selects with labels', () => {
    expect(warningsOf('ProxyConfig', { selector: {} })).toEqual(['workload selector specified without labels']);
  });
});
