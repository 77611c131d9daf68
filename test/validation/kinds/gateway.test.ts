import { describe, expect, it } from 'vitest';
import { errorsOf, warningsOf } from '../support.ts';

const port = { number: 80, name: 'http', protocol: 'HTTP' };
const server = { hosts: ['a.com'], port };
const errors = (...servers: object[]): string[] => errorsOf('Gateway', { servers });

describe('a Gateway', () => {
  it('is fine with a server', () => {
    expect(errors(server)).toEqual([]);
  });

  it('needs servers and a name, unless the Gateway API made it', () => {
    expect(errorsOf('Gateway', {}, { name: 'a_b' })).toEqual([
      'invalid gateway name: "a_b"',
      'gateway must have at least one server',
    ]);
    const annotations = { 'internal.istio.io/gateway-semantics': 'gateway' };
    expect(errorsOf('Gateway', { servers: [{ ...server, hosts: ['~/a.com'] }] }, { name: 'a_b', annotations })).toEqual(
      [],
    );
  });

  const protocols = 'HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP';
  it.each([
    [{}, ['server config must contain at least one host', 'port is required']],
    [
      { hosts: ['a.com'], port: { number: 0, targetPort: 5 } },
      [
        `invalid protocol "", supported protocols are ${protocols}`,
        'port number 0 must be in the range 1..65535',
        'targetPort has no impact on Gateways',
        'port name must be set: target_port:5',
      ],
    ],
    [{ ...server, port: { ...port, protocol: 'udp', name: 'Bad Name!' } }, []],
    [{ ...server, bind: '1.2.3.4' }, []],
    [{ ...server, bind: 'a' }, ['a is not a valid IP']],
    [{ ...server, port: { ...port, number: 0 }, bind: 'unix:///a' }, []],
    [
      { ...server, bind: 'unix://' },
      [
        'unix address must not be empty',
        'port number must be 0 for unix domain socket: number:80  protocol:"HTTP"  name:"http"',
      ],
    ],
    [{ ...server, tls: {} }, []],
    [
      { ...server, tls: { mode: 'SIMPLE', credentialName: 'a' } },
      ['server cannot have TLS settings for plain text HTTP ports'],
    ],
    [{ ...server, tls: { privateKey: 'a' } }, ['server cannot have TLS settings for plain text HTTP ports']],
    [
      { ...server, port: { ...port, protocol: 'TCP' }, tls: {} },
      ['server cannot have TLS settings for non HTTPS/TLS ports'],
    ],
    [{ ...server, port: { ...port, protocol: 'HTTPS' } }, ['server must have TLS settings for HTTPS/TLS protocols']],
    [
      { ...server, port: { ...port, protocol: 'HTTPS', name: '' } },
      [expect.stringMatching(/^port name must be set: /)],
    ],
    [
      { ...server, port: { ...port, protocol: 'TLS' }, tls: { mode: 'SIMPLE' } },
      ['SIMPLE TLS requires a server certificate', 'SIMPLE TLS requires a private key'],
    ],
  ])('has a server %j', (fields, expected) => {
    expect(errors(fields)).toEqual(expected);
  });

  it('has port names that differ', () => {
    expect(errors(server, { ...server, port: { ...port, number: 81 } })).toEqual([
      'port names in servers must be unique: duplicate name http',
    ]);
  });

  it('warns of redirects on servers that are not HTTP', () => {
    const tls = { httpsRedirect: true };
    expect(warningsOf('Gateway', { servers: [{ ...server, tls }] })).toEqual([]);
    expect(warningsOf('Gateway', { servers: [{ ...server, port: { ...port, protocol: 'TLS' }, tls }] })).toEqual([
      'tls.httpsRedirect should only be used with http servers',
    ]);
  });
});
