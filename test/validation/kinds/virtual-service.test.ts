import { describe, expect, it } from 'vitest';
import { errorsOf, fieldsOf, warningsOf } from '../support.ts';

const route = [{ destination: { host: 'reviews' } }];
const http = [{ route }];
const errors = (spec: object, metadata?: object): string[] => errorsOf('VirtualService', spec, metadata);
const warnings = (spec: object): readonly string[] => warningsOf('VirtualService', spec);
/** The errors of one HTTP route of an otherwise fine VirtualService. */
const routeErrors = (fields: object): string[] => errors({ hosts: ['a.com'], http: [{ route, ...fields }] });

describe('a VirtualService', () => {
  it('is fine with a host and a route', () => {
    expect(errors({ hosts: ['a.com'], http })).toEqual([]);
  });

  it('without hosts is a delegate, which has only HTTP routes', () => {
    expect(errors({ http })).toEqual([]);
    expect(
      errors({ gateways: ['ns/gw'], tls: [{ match: [{ sniHosts: ['a'] }], route }], tcp: [{ route }], http }),
    ).toEqual([
      'delegate virtual service must have no gateways specified',
      'delegate virtual service must have no tls route specified',
      'delegate virtual service must have no tcp route specified',
      'SNI host "a" is not a compatible subset of any of the virtual service hosts: []',
    ]);
  });

  it('needs a route', () => {
    expect(errors({ hosts: ['a.com'] })).toEqual(['http, tcp or tls must be provided in virtual service']);
  });

  it('may have the host * only at gateways', () => {
    expect(errors({ hosts: ['*'], gateways: ['ns/gw'], http })).toEqual([]);
    expect(errors({ hosts: ['*'], gateways: ['ns/gw', 'mesh'], http })).toEqual([
      'wildcard host * is not allowed for virtual services bound to the mesh gateway',
    ]);
  });

  it('may have addresses as hosts, but no hosts that overlap', () => {
    expect(errors({ hosts: ['1.2.3.4', 'a_b'], http })).toEqual(['domain name "a_b" invalid (label "a_b" invalid)']);
    expect(errors({ hosts: ['a.com', '*.com', 'a.com'], http })).toEqual([
      'duplicate hosts in virtual service: a.com & *.com',
      'duplicate hosts in virtual service: a.com & a.com',
      'duplicate hosts in virtual service: *.com & a.com',
    ]);
  });

  it('matches JWT claims only at gateways', () => {
    const match = [
      { headers: { '@request.auth.claims.sub': { exact: 'x' } }, withoutHeaders: { '@request.auth.claims[a]': {} } },
    ];
    expect(errors({ hosts: ['a.com'], gateways: ['ns/gw'], http: [{ match, route }] })).toEqual([]);
    expect(errors({ hosts: ['a.com'], gateways: ['mesh', 'b'], http: [{ match, route }] })).toEqual([
      'JWT claim based routing (key: @request.auth.claims.sub) is only supported for gateway, found no gateways: [mesh b]',
      'JWT claim based routing (key: @request.auth.claims[a]) is only supported for gateway, found no gateways: [mesh b]',
    ]);
  });

  it('does not check destinations with the route semantics of the Gateway API', () => {
    const spec = { hosts: ['a.com'], gateways: ['ns/a~b'], http: [{ route: [{ destination: { host: '*' } }] }] };
    expect(errors(spec, { annotations: { 'internal.istio.io/route-semantics': 'gateway' } })).toEqual([]);
    expect(errors(spec)).toEqual(['invalid value for gateway name: "a~b"', 'invalid destination host *']);
  });
});

describe('an HTTP route', () => {
  it.each([
    [{ route: [] }, ['HTTP route, redirect or direct_response is required']],
    [{ redirect: { uri: '/' } }, ['HTTP route cannot contain both route and redirect']],
    [
      {
        redirect: { uri: '/' },
        fault: { abort: { httpStatus: 500 } },
        rewrite: { uri: '/' },
        directResponse: { status: 200 },
      },
      [
        'HTTP route cannot contain both route and redirect',
        'HTTP route cannot contain both fault and redirect',
        'HTTP route rule cannot contain both rewrite and redirect',
        'HTTP route rule cannot contain both direct_response and redirect',
      ],
    ],
    [
      { directResponse: { status: 200 }, fault: { abort: { httpStatus: 500 } }, rewrite: { uri: '/' } },
      [
        'HTTP route cannot contain both route and direct_response',
        'HTTP route cannot contain both fault and direct_response',
        'HTTP route rule cannot contain both rewrite and direct_response',
      ],
    ],
    [
      { mirror: { host: 'a' }, mirrors: [{ destination: { host: 'b' } }] },
      ['HTTP route cannot contain both mirror and mirrors'],
    ],
    [{ delegate: { name: 'd' }, route: [], name: 'r' }, []],
    [
      { delegate: { name: 'd' }, redirect: { uri: '/' }, name: 'r' },
      ['root HTTP route r must not specify redirect', 'root HTTP route r must not specify route'],
    ],
  ])('has parts that exclude each other: %j', (fields, expected) => {
    expect(routeErrors(fields)).toEqual(expected);
  });

  it('of a delegate names no delegate', () => {
    expect(errors({ http: [{ route, delegate: { name: 'd' } }] })).toEqual([
      'delegate HTTP route cannot contain delegate',
    ]);
  });

  it.each([
    [{ match: [{ headers: { '': { exact: 'a' } } }] }, ['header name cannot be empty']],
    [{ match: [{ headers: { a: null, b: {} }, withoutHeaders: { c: { regex: '*' } }, uri: { prefix: '' } }] }, []],
    [{ match: [{ scheme: { prefix: '' } }] }, ['"scheme": prefix string match should not be empty']],
    [{ match: [{ queryParams: { a: { regex: '' } } }] }, ['"queryParams": regex string match should not be empty']],
    [
      { match: [{ port: 65536, sourceNamespace: 'a_b' }, { method: { regex: '' } }] },
      [
        '"method": regex string match should not be empty',
        'port number 65536 must be in the range 1..65535',
        'sourceNamespace match a_b is invalid',
      ],
    ],
    [{ match: [{ sourceLabels: { '@': 'a' } }] }, ['invalid tag key: "@"']],
  ])('has matches: %j', (fields, expected) => {
    expect(routeErrors(fields)).toEqual(expected);
  });

  it.each([
    [
      { headers: { request: { add: { ':path': 'a' }, set: { a: '%' }, remove: ['Host'] } } },
      [
        'invalid header ":path": header cannot have ":" prefix',
        'header value configuration: invalid header configuration. Un-escaped %',
        'invalid header "Host": cannot set Host header',
      ],
    ],
    [
      { headers: { response: { add: { host: 'a' }, set: { '': 'b' }, remove: [':a'] } } },
      [
        'invalid header "host": cannot set Host header',
        'header name cannot be empty',
        'invalid header ":a": header cannot have ":" prefix',
      ],
    ],
    [
      { rewrite: { authority: 'a' }, headers: { request: { set: { HOST: 'b' } } } },
      ['authority header cannot be set multiple times: have "a", attempting to set "b"'],
    ],
    [
      { headers: { request: { set: { host: 'a' }, add: { ':authority': 'b' } } } },
      ['authority header cannot be set multiple times: have "a", attempting to set "b"'],
    ],
  ])('changes headers: %j', (fields, expected) => {
    expect(routeErrors(fields)).toEqual(expected);
  });

  it.each([
    [
      {
        corsPolicy: {
          allowOrigins: [{ exact: '' }, {}],
          allowMethods: ['GET', 'get'],
          allowHeaders: ['a b'],
          maxAge: '1500ms',
        },
      },
      [
        "'' is not a valid match type for CORS allow origins",
        "'' is not a valid match type for CORS allow origins",
        '"get" is not a supported HTTP method',
        'header name a b is not a valid header name',
        'max_age duration is accurate only to seconds precision',
      ],
    ],
    [{ fault: {} }, ['HTTP fault injection must have an abort and/or a delay']],
    [
      { fault: { abort: { httpStatus: 600, percentage: { value: 101 } } } },
      ['percentage 101 is neither 0.0, nor in range [0.0001, 100.0]'],
    ],
    [{ fault: { abort: { httpStatus: 199 } } }, ['HTTP status 199 is not in range 200-599']],
    [{ fault: { abort: { http2Error: 'a' } } }, ['HTTP/2 abort fault injection not supported yet']],
    [
      { fault: { abort: { grpcStatus: 'ok' } } },
      [
        `gRPC status "ok" is not supported. See https://github.com/grpc/grpc/blob/master/doc/statuscodes.md for a list of supported codes, for example 'NOT_FOUND'`,
      ],
    ],
    [{ fault: { delay: { fixedDelay: '0s' } } }, ['duration must be greater than 1ms']],
    [{ fault: { delay: { exponentialDelay: '1s' } } }, ['exponentialDelay not supported yet']],
    [{ timeout: '0s' }, ['duration must be greater than 1ms']],
  ])('has policies: %j', (fields, expected) => {
    expect(routeErrors(fields)).toEqual(expected);
  });

  it.each([
    [{ mirror: { host: 'a' }, mirrorPercent: 101 }, ['mirror_percent must have a max value of 100 (it has 101)']],
    [{ mirrorPercentage: { value: 100.5 } }, ['mirror_percentage must have a max value of 100 (it has 100.500000)']],
    [{ mirrorPercentage: { value: -1 } }, ['mirror_percentage must have a min value of 0 (it has -1.000000)']],
    [
      { mirrorPercentage: { value: 1e22 } },
      ['mirror_percentage must have a max value of 100 (it has 10000000000000000000000.000000)'],
    ],
    [{ mirrorPercentage: { value: 'Infinity' } }, ['mirror_percentage must have a max value of 100 (it has +Inf)']],
    [
      { mirrors: [{}, { destination: { host: 'a' }, percentage: { value: 200 } }] },
      ['destination is required for mirrors', 'mirror percentage must have a max value of 100 (it has 200.000000)'],
    ],
  ])('mirrors: %j', (fields, expected) => {
    expect(routeErrors(fields)).toEqual(expected);
  });

  it.each([
    [{ redirect: {} }, ['redirect must specify URI, authority, scheme, or port']],
    [{ redirect: { uri: '/', redirectCode: 200 } }, ['200 is not a valid redirect code, must be 3xx']],
    [{ redirect: { uri: '/', scheme: 'ftp' } }, ['invalid redirect scheme, must be "http" or "https"']],
    [{ redirect: { port: 70000 } }, ['port number 70000 must be in the range 1..65535']],
    [{ redirect: { port: 0 } }, []],
    [{ directResponse: { status: 4294967295 } }, ['HTTP status -1 is not in range 200-599']],
    [
      { directResponse: { status: 200, body: { string: 'x'.repeat(1_048_577) } } },
      ['large direct_responses may impact control plane performance, must be less than 1MB'],
    ],
    [{ directResponse: { status: 200, body: { bytes: 'AAAA' } } }, []],
  ])('answers itself: %j', (fields, expected) => {
    expect(routeErrors({ ...fields, route: [] })).toEqual(expected);
  });

  it.each([
    [{ retries: { attempts: -1 } }, ['attempts cannot be negative']],
    [{ retries: { retryOn: '5xx' } }, ['http retry policy configured when attempts are set to 0 (disabled)']],
    [
      { retries: { retryRemoteLocalities: false } },
      ['http retry policy configured when attempts are set to 0 (disabled)'],
    ],
    [{ retries: { backoff: '1s' } }, []],
    [{ retries: { attempts: 1, retryOn: '5xx,+503,reset' } }, []],
    [
      { retries: { attempts: 1, retryOn: '5xx, reset,599,' } },
      [
        '" reset" is not a valid retryOn policy',
        '"599" is not a valid retryOn policy',
        '"" is not a valid retryOn policy',
      ],
    ],
    [
      { rewrite: {} },
      [
        'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
      ],
    ],
    [{ rewrite: { uri: '/', uriRegexRewrite: {} } }, ['rewrite may only contain one of URI or UriRegexRewrite']],
    [
      { rewrite: { uriRegexRewrite: { match: 'a' } } },
      ['UriRegexRewrite has errors\nUriRegexRewrite requires both Rewrite and Match fields to be specified'],
    ],
    [{ rewrite: { uriRegexRewrite: { match: 'a', rewrite: 'b' } } }, []],
  ])('retries and rewrites: %j', (fields, expected) => {
    expect(routeErrors(fields)).toEqual(expected);
  });

  it('explains an invalid regular expression of a rewrite', () => {
    const [error] = routeErrors({ rewrite: { uriRegexRewrite: { match: '(', rewrite: 'b' } } });
    expect(error).toMatch(/^UriRegexRewrite has errors\n"HTTPRewrite\.UriRegexRewrite\.Match": error parsing regexp: /);
  });

  it.each([
    [[{}], ['destination is required']],
    [
      [{ destination: { host: 'a', subset: 'a_b', port: {} } }],
      ['subset name is invalid: a_b', 'port number 0 must be in the range 1..65535'],
    ],
    [
      [{ destination: { host: '1.2.3.4' } }],
      ['domain name "2.3.4" invalid (top level domain "4" cannot be all-numeric)'],
    ],
    [[{ destination: { host: 'a' }, weight: -1 }], ['weight -1 < 0']],
    [[{ destination: { host: 'a' } }, { destination: { host: 'b' } }], ['total destination weight = 0']],
    [[{ destination: { host: 'a' }, weight: 10 }, { destination: { host: 'b' } }], []],
    [[{ destination: { host: 'a' }, headers: { request: { remove: [''] } } }], ['header name cannot be empty']],
  ])('has destinations: %j', (destinations, expected) => {
    expect(routeErrors({ route: destinations })).toEqual(expected);
  });
});

describe('TLS and TCP routes', () => {
  const tls = (match: object[], fields: object = { route }): string[] =>
    errors({ hosts: ['a.com', '*.b.com'], tls: [{ match, ...fields }] });

  it.each([
    [[], ['TLS route must have at least one match condition']],
    [[{}], ['TLS match must have at least one SNI host']],
    [[{ sniHosts: ['a.com', 'x.b.com'], port: 443, destinationSubnets: ['10.0.0.0/8'] }], []],
    [
      [{ sniHosts: ['c.com'] }],
      ['SNI host "c.com" is not a compatible subset of any of the virtual service hosts: [a.com, *.b.com]'],
    ],
    [[{ sniHosts: ['a_b.com'] }], ['domain name "a_b.com" invalid (label "a_b" invalid)']],
    [
      [{ sniHosts: ['a.com'], port: 70000, destinationSubnets: ['x'], gateways: ['a_'] }],
      [
        'x is not a valid IP',
        'port number 70000 must be in the range 1..65535',
        'domain name "a_" invalid (label "a_" invalid)',
      ],
    ],
  ])('match %j', (match, expected) => {
    expect(tls(match)).toEqual(expected);
  });

  it('need destinations', () => {
    expect(tls([{ sniHosts: ['a.com'] }], {})).toEqual(['TLS route is required']);
    expect(errors({ hosts: ['a.com'], tcp: [{ match: [{ port: 70000 }] }] })).toEqual([
      'port number 70000 must be in the range 1..65535',
      'TCP route is required',
    ]);
  });

  it('warn of addresses as SNI hosts', () => {
    expect(warnings({ hosts: ['1.2.3.4'], tls: [{ match: [{ sniHosts: ['1.2.3.4'] }], route }] })).toEqual([
      'using an IP address ("1.2.3.4") goes against SNI spec and most clients do not support this',
    ]);
  });
});

describe('warnings about unused rules', () => {
  const http = (...routes: object[]): readonly string[] =>
    warnings({ hosts: ['a.com'], http: routes.map((fields) => ({ route, ...fields })) });
  const prefix = (text: string, fields: object = {}): object => ({ match: [{ uri: { prefix: text }, ...fields }] });

  it('name routes after a catch-all', () => {
    expect(http({}, { name: 'last' }, prefix('/a'))).toEqual([
      'virtualService rule "last" not used (only the last rule can have no matches)',
      'virtualService rule #2 not used (route without matches defined before)',
    ]);
  });

  it('name equal matches, whatever the name of the match', () => {
    expect(http(prefix('/a', { name: 'x' }), prefix('/a', { name: 'y' }))).toEqual([
      'virtualService rule #1 match "y" is not used (duplicate/overlapping match in rule #0)',
      'virtualService rule #1 not used (all matches used by prior rules)',
    ]);
  });

  it('name prefixes that an earlier one covers', () => {
    expect(http(prefix('/a'), prefix('/b'), { name: 'r', ...prefix('/a/b', { name: 'm' }) })).toEqual([
      'virtualService rule "r" match "m" of prefix /a/b is not used (duplicate/overlapping match in rule #0 of prefix /a on #0)',
    ]);
  });

  it.each([
    ['another port', { port: 80 }, {}],
    ['a header more', { headers: { a: { exact: 'b' } } }, {}],
    ['another method', { method: { exact: 'POST' } }, {}],
    ['another value', { headers: { a: { exact: 'b' } } }, { headers: { a: { exact: 'c' } } }],
  ])('do not name prefixes with %s', (_name, earlier, later) => {
    expect(http(prefix('/a', earlier), prefix('/a/b', later))).toEqual([]);
  });

  it('take an unset method for GET and an unset authority for any', () => {
    const earlier = { method: { exact: 'GET' }, authority: { exact: 'a' } };
    expect(http(prefix('/a', earlier), prefix('/a/b'))).toHaveLength(1);
  });

  it('take an empty value for any', () => {
    const empty = { headers: { a: { exact: '' } }, queryParams: { b: { exact: '' } } };
    const earlier = { headers: { a: { prefix: 'x' } }, queryParams: { b: { regex: 'y' } } };
    expect(http(prefix('/a', earlier), prefix('/a/b', empty))).toHaveLength(1);
  });

  it('come for TCP and TLS too', () => {
    expect(warnings({ hosts: ['a.com'], tcp: [{ route }, { match: [{ port: 1 }], route }] })).toEqual([
      'virtualService rule #1 not used (route without matches defined before)',
    ]);
    const match = [{ sniHosts: ['a.com'], sourceLabels: { b: '1', a: '2' } }];
    expect(
      warnings({
        hosts: ['a.com'],
        tls: [
          { match, route },
          { match, route },
        ],
      }),
    ).toHaveLength(2);
  });

  it('come for deprecated and large settings', () => {
    expect(http({ mirror: { host: 'a' }, mirrorPercent: 5 })).toEqual([
      'using deprecated setting "mirrorPercent", use "mirrorPercentage" instead',
    ]);
    expect(http({ route: [], directResponse: { status: 200, body: { string: 'x'.repeat(102_401) } } })).toEqual([
      'large direct_responses may impact control plane performance',
    ]);
  });
});

describe('causes of a denial', () => {
  it('name the field', () => {
    const spec = {
      hosts: ['a.com'],
      http: [{ route: [{ destination: { host: 'a', port: { number: 0 } } }], timeout: '1ns' }],
    };
    expect(fieldsOf('VirtualService', spec)).toEqual([
      'spec.http[0].route[0].destination.port.number',
      'spec.http[0].timeout',
    ]);
  });

  it('name it as the user spelled it, as far as it exists', () => {
    const spec = { hosts: ['a.com'], http: [null, { route, mirror_percent: 200 }] };
    expect(fieldsOf('VirtualService', spec)).toEqual(['spec.http[0]', 'spec.http[1].mirror_percent']);
  });
});
