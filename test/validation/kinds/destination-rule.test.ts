import { describe, expect, it } from 'vitest';
import { isPrime } from '../../../src/validation/kinds/destination-rule/primes.ts';
import { errorsOf, warningsOf } from '../support.ts';

const errors = (spec: object): string[] => errorsOf('DestinationRule', { host: 'a', ...spec });
const policyErrors = (trafficPolicy: object): string[] => errors({ trafficPolicy });
const policyWarnings = (trafficPolicy: object): readonly string[] =>
  warningsOf('DestinationRule', { host: 'a', trafficPolicy });

describe('a DestinationRule', () => {
  it.each([
    [{}, []],
    [{ host: '*' }, []],
    [{ host: '' }, ['empty domain name not allowed']],
    [{ exportTo: ['.'], workloadSelector: { matchLabels: { a: 'b' } } }, []],
    [
      { exportTo: ['b'], workloadSelector: { matchLabels: { a: '*' } } },
      [
        'destination rule with workload selector cannot have exportTo beyond current namespace',
        'wildcard is not supported in selector: "a=*"',
      ],
    ],
    [
      { subsets: [{ name: 'a', labels: {} }, { name: 'a' }, {}, { name: 'a_b', labels: { '@': 'x' } }] },
      [
        'duplicate subset names: a',
        'subset name cannot be empty',
        'subset name is invalid: a_b',
        'invalid tag key: "@"',
      ],
    ],
    [{ subsets: [{ name: 'a', trafficPolicy: {} }] }, ['traffic policy must have at least one field']],
  ])('%j', (spec, expected) => {
    expect(errors(spec)).toEqual(expected);
  });
});

describe('a traffic policy', () => {
  it.each([
    [{}, ['traffic policy must have at least one field']],
    [{ retryBudget: {} }, []],
    [{ tunnel: {}, proxyProtocol: {} }, ['tunnel and proxyProtocol must not be set together']],
    [{ proxyProtocol: { version: 7 } }, ['proxy protocol version is invalid: 7']],
    [
      { tunnel: { protocol: 'connect', targetHost: 'a_b', targetPort: 0 } },
      [
        'tunnel protocol must be "CONNECT" or "POST"',
        'tunnel target host must be valid FQDN or IP address: domain name "a_b" invalid (label "a_b" invalid); a_b is not a valid IP',
        'tunnel target port is invalid: port number 0 must be in the range 1..65535',
      ],
    ],
    [{ tunnel: { targetHost: '1.2.3.4', targetPort: 80 } }, []],
    [
      {
        outlierDetection: { baseEjectionTime: '0s', interval: '1500us', maxEjectionPercent: 101, minHealthPercent: -1 },
      },
      [
        'duration must be greater than 1ms',
        'only durations to ms precision are supported',
        'percentage 101 is not in range 0..100',
        'percentage -1 is not in range 0..100',
      ],
    ],
    [
      { outlierDetection: { consecutiveLocalOriginFailures: 1 } },
      [
        'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
      ],
    ],
    [
      { portLevelSettings: [{}, { port: { number: 0 }, tls: { mode: 'MUTUAL' } }] },
      [
        'portTrafficPolicy must have valid port',
        'port traffic policy must have at least one field',
        'client certificate required for mutual tls',
        'private key required for mutual tls',
      ],
    ],
  ])('%j', (policy, expected) => {
    expect(policyErrors(policy)).toEqual(expected);
  });

  it('warns of deprecated settings, but not for single ports or subsets', () => {
    const outlierDetection = { consecutiveErrors: 1 };
    expect(policyWarnings({ outlierDetection })).toEqual([
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
    ]);
    expect(policyWarnings({ portLevelSettings: [{ port: { number: 1 }, outlierDetection }] })).toEqual([]);
    const subsets = [{ name: 'a', trafficPolicy: { outlierDetection } }];
    expect(warningsOf('DestinationRule', { host: 'a', subsets })).toEqual([]);
  });
});

describe('a connection pool', () => {
  it.each([
    [{}, ['connection pool must have at least one field']],
    [{ http: {} }, []],
    [
      {
        http: {
          http1MaxPendingRequests: -1,
          http2MaxRequests: -1,
          maxRequestsPerConnection: -1,
          maxRetries: -1,
          maxConcurrentStreams: -1,
        },
      },
      [
        'http1 max pending requests must be non-negative',
        'http2 max requests must be non-negative',
        'max requests per connection must be non-negative',
        'max retries must be non-negative',
        'max concurrent streams must be non-negative',
      ],
    ],
    [
      { http: { idleTimeout: '0s', h2UpgradePolicy: 'UPGRADE', useClientProtocol: true } },
      ['duration must be greater than 1ms', 'use client protocol must not be true when H2UpgradePolicy is UPGRADE'],
    ],
    [{ tcp: { idleTimeout: '0s' } }, []],
    [
      {
        tcp: {
          idleTimeout: '-1s',
          maxConnections: -1,
          connectTimeout: '0s',
          maxConnectionDuration: '0s',
          tcpKeepalive: { time: '0s', interval: '0s' },
        },
      },
      ['max connections must be non-negative', ...Array.from({ length: 5 }, () => 'duration must be greater than 1ms')],
    ],
  ])('%j', (connectionPool, expected) => {
    expect(policyErrors({ connectionPool })).toEqual(expected);
  });
});

describe('a load balancer', () => {
  it.each([
    [
      { consistentHash: { httpCookie: { attributes: [{ name: 'a' }, { name: 'a' }, {}] } } },
      ['name required for HttpCookie', 'duplicate cookie attribute name: a', 'cookie attribute name cannot be empty'],
    ],
    [
      { consistentHash: { useSourceIp: true, minimumRingSize: 5, ringHash: {} } },
      ['only one of MinimumRingSize or Maglev/Ringhash can be specified'],
    ],
    [
      { consistentHash: { useSourceIp: true, maglev: {} } },
      ['tableSize must be set for maglev', 'tableSize must be a prime number for maglev'],
    ],
    [
      { consistentHash: { useSourceIp: true, maglev: { tableSize: 5000011 } } },
      ['tableSize must be less than 5000011 for maglev'],
    ],
    [
      { consistentHash: { useSourceIp: true, maglev: { tableSize: '18446744073709551615' } } },
      ['tableSize must be less than 5000011 for maglev', 'tableSize must be a prime number for maglev'],
    ],
    [{ consistentHash: { useSourceIp: true, maglev: { tableSize: 65537 } } }, []],
    [{ warmup: {} }, ['duration is required']],
    [
      { warmup: { duration: '0s', minimumPercent: 101, aggression: 0.5 } },
      [
        'duration must be greater than 1ms',
        'minimumPercent value should be less than or equal to 100',
        'aggression should be greater than or equal to 1',
      ],
    ],
  ])('%j', (loadBalancer, expected) => {
    expect(policyErrors({ loadBalancer })).toEqual(expected);
  });

  it('knows primes as Istio does', () => {
    const primes = Array.from({ length: 60 }, (_, value) => BigInt(value))
      .filter(isPrime)
      .map(Number);
    expect(primes).toEqual([1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59]);
    expect([4999999n, 18446744073709551557n, 1000000007n].every(isPrime)).toBe(true);
    expect([3215031751n, 5000009n * 3n, 1763n].some(isPrime)).toBe(false);
  });

  it('warns of deprecated ring sizes', () => {
    expect(policyWarnings({ loadBalancer: { consistentHash: { useSourceIp: true, minimumRingSize: 5 } } })).toEqual([
      "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead",
    ]);
  });
});

describe('locality settings', () => {
  const overlap = (locality: string): string => `locality ${locality} overlap with previous specified ones`;
  const from = (...localities: string[]): object => ({
    distribute: localities.map((locality) => ({ from: locality, to: { x: 100 } })),
  });
  const noOverlap: string[] = [];

  it.each([
    [
      { distribute: [{ from: 'a', to: { b: 100 } }], failover: [{ from: 'a', to: 'b' }] },
      ["can not simultaneously specify 'distribute' and 'failover'"],
    ],
    [
      { failover: [{ from: 'a', to: 'b' }], failoverPriority: ['x', 'topology.istio.io/subzone'] },
      ["can not simultaneously set 'failover' and topology label 'topology.istio.io/subzone' in 'failover_priority'"],
    ],
    [{ distribute: [{ from: 'a', to: { b: 0 } }] }, ['locality weight must be in range [1, 100]']],
    [{ distribute: [{ from: 'a', to: { b: 50, c: 40 } }] }, ['total locality weight 90 != 100']],
    [{ distribute: [{ from: 'a', to: { b: 50, 'b/c': 50 } }] }, [overlap('b/c')]],
    [
      {
        failover: [
          { from: 'a', to: 'a' },
          { from: 'a/b', to: 'c*' },
        ],
      },
      [
        'locality lb failover settings must specify different regions',
        'locality lb failover only specify region',
        "locality lb failover region should not contain '*' wildcard",
      ],
    ],
    [from('a/*', 'a/b'), [overlap('a/b')]],
    [from('a/b', 'a/*'), noOverlap],
    [from('*', 'a'), [overlap('a')]],
    [from('a', '*'), noOverlap],
    [from('a/b/c', 'a/b/d', 'a/c'), noOverlap],
    [from('a/b/c', 'a/b/c'), [overlap('a/b/c')]],
    [from('a/b', 'a/b/c'), [overlap('a/b/c')]],
    [from('a/b/*', 'a/b/c'), [overlap('a/b/c')]],
    [from('a/b/c', 'a/b'), [overlap('a/b')]],
    [from('a/b', 'a'), [overlap('a')]],
    [from('*/a'), ["locality */a wildcard '*' number can not exceed 1 and must be in the end"]],
    [from('a//c'), ['locality a//c must not contain empty region/zone/subzone info']],
  ])('%j', (localityLbSetting, expected) => {
    expect(policyErrors({ outlierDetection: {}, loadBalancer: { localityLbSetting } })).toEqual(expected);
  });

  it('judges weights to other localities in the same way whatever their order', () => {
    const judge = (to: object): string[] =>
      policyErrors({ loadBalancer: { localityLbSetting: { distribute: [{ from: 'x', to }] } } });
    expect(judge({ 'a/*': 50, 'a/b': 50 })).toEqual(judge({ 'a/b': 50, 'a/*': 50 }));
  });

  it('warns of failover without outlier detection', () => {
    const loadBalancer = { localityLbSetting: { failoverPriority: ['a'] } };
    expect(policyWarnings({ loadBalancer })).toEqual(['outlier detection policy must be provided for failover']);
  });
});
