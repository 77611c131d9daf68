import { describe, expect, it } from 'vitest';
import { check } from './support/check.ts';

const port = { number: 9080, protocol: 'HTTP', name: 'http' };
const hosts = ['./*'];

const ingressErrors = (listener: unknown): string[] =>
  check('Sidecar', { ingress: [listener] }).errors.map((error) => error.replace('spec.ingress[0].', ''));
const egressErrors = (listener: unknown): string[] =>
  check('Sidecar', { egress: [listener] }).errors.map((error) => error.replace('spec.egress[0].', ''));

describe('Sidecar', () => {
  it('takes a full one', () => {
    const spec = {
      workloadSelector: { labels: { app: 'a' } },
      ingress: [{ port, bind: '::1', defaultEndpoint: '127.0.0.1:8080', connectionPool: { http: {} } }],
      egress: [
        { port: { number: 9080, protocol: 'tcp' }, bind: '1.2.3.4', hosts: ['~/a.b', 'ns/*.example.com'] },
        { port: { protocol: 'http' }, bind: 'unix:///a', captureMode: 'NONE', hosts: ['*/*'] },
        { hosts },
      ],
      outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'a.b', port: { number: 80 } } },
    };
    expect(check('Sidecar', spec)).toEqual({ errors: [], warnings: [] });
  });

  it('refuses an empty one', () => {
    expect(check('Sidecar', { workloadSelector: {} }).errors).toEqual(['spec: sidecar: empty configuration provided']);
  });

  it('ends with a bad selector', () => {
    const spec = { workloadSelector: { labels: { a: '*' } }, ingress: [{}] };
    expect(check('Sidecar', spec).errors).toEqual([
      'spec.workloadSelector.labels[a]: wildcard is not supported in selector: "a=*"',
    ]);
  });

  it('warns of a selector without labels', () => {
    expect(check('Sidecar', { workloadSelector: {}, egress: [{ hosts }] }).warnings).toEqual([
      'spec.workloadSelector.labels: sidecar: workload selector specified without labels, will be applied to all services in namespace',
    ]);
  });
});

describe('ingress', () => {
  it.each([
    [{}, ['port: sidecar: port is required for ingress listeners']],
    [
      { port: { number: 0, protocol: 'x', name: '-', targetPort: 1 }, bind: 'a' },
      [
        'port.targetPort: targetPort has no impact on Sidecars',
        'port.name: invalid port name: -',
        'port.protocol: unsupported protocol: x',
        'port.number: port number 0 must be in the range 1..65535',
        'bind: a is not a valid IP',
      ],
    ],
    [{ port, defaultEndpoint: 'unix://' }, ['defaultEndpoint: unix address must not be empty']],
    [
      { port, defaultEndpoint: '127.0.0.1' },
      [
        'defaultEndpoint: address 127.0.0.1: missing port in address',
        'defaultEndpoint: sidecar: defaultEndpoint port () is not a number: strconv.Atoi: parsing "": invalid syntax',
      ],
    ],
    [
      { port, defaultEndpoint: '1.2.3.4:70000' },
      [
        'defaultEndpoint: sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset',
        'defaultEndpoint: port number 70000 must be in the range 1..65535',
      ],
    ],
    [
      {
        port,
        tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: ['a'], httpsRedirect: true, credentialNames: ['c'] },
      },
      [
        'tls.subjectAltNames: sidecar: subjectAltNames is not supported in ingress tls',
        'tls.httpsRedirect: sidecar: httpsRedirect is not supported',
        'tls.credentialNames: sidecar: credentialNames is not currently supported',
        'tls.mode: configuration is invalid: cannot set mode to ISTIO_MUTUAL in sidecar ingress tls',
        'tls: server cannot have TLS settings for non HTTPS/TLS ports',
        'tls.credentialNames: ISTIO_MUTUAL TLS cannot have associated credentialNames',
      ],
    ],
    [{ port, connectionPool: {} }, ['connectionPool: connection pool must have at least one field']],
  ])('%j', (listener, errors) => {
    expect(ingressErrors(listener)).toEqual(errors);
  });

  it('refuses a second listener on a port', () => {
    expect(check('Sidecar', { ingress: [{ port }, { port }] }).errors).toEqual([
      'spec.ingress[1].port.number: sidecar: ports on IP bound listeners must be unique',
    ]);
  });

  it('warns of HTTP settings on other protocols', () => {
    const listener = { port: { ...port, protocol: 'TCP' }, connectionPool: { http: {} } };
    expect(check('Sidecar', { ingress: [listener] }).warnings).toEqual([
      'spec.ingress[0].connectionPool.http: sidecar: HTTP connection pool settings are configured for port 9080 ("http") but its protocol is not HTTP (TCP); only TCP settings will apply',
    ]);
  });
});

describe('egress', () => {
  it.each([
    [{}, ['hosts: sidecar: egress listener must contain at least one host']],
    [
      { port: { protocol: 'http' }, captureMode: 'IPTABLES', hosts },
      [
        'bind: sidecar: ports with 0 value must have a unix domain socket bind address',
        'captureMode: sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners',
      ],
    ],
    [{ port: { protocol: 'http' }, bind: 'unix://a', hosts }, ['bind: a is not an absolute path to a file']],
    [
      { port: { number: 65536 }, bind: 'x', hosts },
      ['port.number: port number 65536 must be in the range 1..65535', 'bind: x is not a valid IP'],
    ],
    [{ hosts: ['a'] }, ['hosts[0]: host must be of form namespace/dnsName']],
  ])('%j', (listener, errors) => {
    expect(egressErrors(listener)).toEqual(errors);
  });

  it('refuses listeners that take what others take', () => {
    const socket = { port: { protocol: 'http' }, bind: 'unix:///a', hosts };
    const numbered = { port: { number: 80 }, hosts };
    expect(check('Sidecar', { egress: [{ hosts }, socket, socket, numbered, numbered] }).errors).toEqual([
      'spec.egress[0].port: sidecar: the egress listener with empty port should be the last listener in the list',
      'spec.egress[2].bind: sidecar: unix domain socket values for listeners must be unique',
      'spec.egress[4].port.number: sidecar: ports on IP bound listeners must be unique',
    ]);
  });

  it('warns of hosts that cover each other', () => {
    const covered = ['./a.b', 'test/a.b', 'test/*', 'test/c.d', '*/*', '__proto__/a.b'];
    expect(check('Sidecar', { egress: [{ hosts: covered.slice(0, 5) }] }).warnings).toEqual([
      'spec.egress[0].hosts[1]: duplicated egress host: test/a.b',
      'spec.egress[0].hosts[2]: duplicated egress host: test/*',
      'spec.egress[0].hosts[3]: duplicated egress host: test/c.d',
      'spec.egress[0].hosts: `*/*` host select all resources, no other hosts can be added',
    ]);
  });
});

describe('egress proxy', () => {
  const errors = (outboundTrafficPolicy: unknown): string[] =>
    check('Sidecar', { outboundTrafficPolicy }).errors.map((error) => error.replace('spec.outboundTrafficPolicy.', ''));

  it.each([
    [
      { egressProxy: {} },
      ['egressProxy: sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode'],
    ],
    [
      { mode: 'ALLOW_ANY', egressProxy: { host: 'a' } },
      ['egressProxy.port: sidecar: egress_proxy port must be non-nil'],
    ],
    [
      { mode: 'ALLOW_ANY', egressProxy: { host: 'a_b', port: {} } },
      [
        'egressProxy.host: domain name "a_b" invalid (label "a_b" invalid)',
        'egressProxy.host: domain name "a_b" invalid (label "a_b" invalid)',
        'egressProxy.port.number: port number 0 must be in the range 1..65535',
      ],
    ],
  ])('%j', (policy, expected) => {
    expect(errors(policy)).toEqual(expected);
  });
});
