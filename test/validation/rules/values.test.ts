import { describe, expect, it } from 'vitest';
import { checkDuration, truncatesToZeroMillis } from '../../../src/validation/rules/durations.ts';
import { checkExportTo } from '../../../src/validation/rules/export-to.ts';
import type { ExportToOptions } from '../../../src/validation/rules/export-to.ts';
import { checkGatewayNames } from '../../../src/validation/rules/gateway-names.ts';
import { checkFractionalPercent, checkPercent, checkWeight } from '../../../src/validation/rules/percentages.ts';
import {
  checkPort,
  checkPortName,
  checkProtocol,
  isHttp,
  isTcp,
  isTls,
  parseProtocol,
} from '../../../src/validation/rules/ports.ts';
import { checkUnixSocket } from '../../../src/validation/rules/unix-sockets.ts';
import { collect } from '../support.ts';

describe('ports', () => {
  it.each([[1], [65535]])('%i is fine', (port) => {
    expect(checkPort(port)).toBeUndefined();
  });

  it.each([[0], [65536], [-1], [4294967295]])('%i is out of range', (port) => {
    expect(checkPort(port)?.message).toBe(`port number ${port} must be in the range 1..65535`);
  });

  it('have names and protocols', () => {
    expect(checkPortName('http-1')).toBeUndefined();
    expect(checkPortName('')?.message).toBe('invalid port name: ');
    expect(checkProtocol('')).toBeUndefined();
    expect(checkProtocol('GRPC-Web')).toBeUndefined();
    expect(checkProtocol('HBONE')?.message).toBe('unsupported protocol: HBONE');
  });

  it('have protocols of classes', () => {
    expect(['HTTP', 'http2', 'GRPC'].every((name) => isHttp(parseProtocol(name)))).toBe(true);
    expect(['HTTPS', 'tls'].every((name) => isTls(parseProtocol(name)) && isTcp(parseProtocol(name)))).toBe(true);
    expect(isTcp(parseProtocol('UDP')) || isHttp(parseProtocol('UDP'))).toBe(false);
  });
});

describe('durations', () => {
  it.each([
    [undefined, undefined],
    [{ seconds: 0, nanos: 1_000_000 }, undefined],
    [{ seconds: 5, nanos: 0 }, undefined],
    [{ seconds: 0, nanos: 999_999 }, 'duration must be greater than 1ms'],
    [{ seconds: -1, nanos: 0 }, 'duration must be greater than 1ms'],
    [{ seconds: 1, nanos: 1 }, 'only durations to ms precision are supported'],
  ])('%j', (duration, message) => {
    expect(checkDuration(duration)?.message).toBe(message);
  });

  it('below a millisecond count as zero', () => {
    expect(truncatesToZeroMillis({ seconds: 0, nanos: -999_999 })).toBe(true);
    expect(truncatesToZeroMillis({ seconds: 0, nanos: 1_000_000 })).toBe(false);
  });
});

describe('percentages and weights', () => {
  it.each([
    [0, undefined],
    [100, undefined],
    [NaN, undefined],
    [0.0001, undefined],
    [0.00001, 'percentage 1e-05 is neither 0.0, nor in range [0.0001, 100.0]'],
    [-1, 'percentage -1 is neither 0.0, nor in range [0.0001, 100.0]'],
    [100.5, 'percentage 100.5 is neither 0.0, nor in range [0.0001, 100.0]'],
  ])('%d percent', (percent, message) => {
    expect(checkFractionalPercent(percent)?.message).toBe(message);
  });

  it('may be whole', () => {
    expect(checkPercent(100)).toBeUndefined();
    expect(checkPercent(101)?.message).toBe('percentage 101 is not in range 0..100');
    expect(checkWeight(0)).toBeUndefined();
    expect(checkWeight(-2)?.message).toBe('weight -2 < 0');
  });
});

describe('Unix sockets', () => {
  it.each([
    ['unix:///a/b', undefined],
    ['unix://@abstract', undefined],
    ['unix://', 'unix address must not be empty'],
    ['unix://a', 'a is not an absolute path to a file'],
    ['unix:///a/', '/a/ is not an absolute path to a file'],
  ])('%s', (address, message) => {
    expect(checkUnixSocket(address)?.message).toBe(message);
  });
});

describe('exportTo', () => {
  const notAllowed = 'only .,*, or a valid DNS 1123 label is allowed as exportTo entry';
  const cases: [string[], ExportToOptions, string[]][] = [
    [[], {}, []],
    [['*'], {}, []],
    [['.', 'b'], {}, []],
    [['ns', '.'], {}, ['duplicate entries in exportTo: . and current namespace ns']],
    [['b', 'b'], {}, ['duplicate entries in exportTo for entry b']],
    [['~'], {}, ['exportTo ~ (none) is not allowed for Istio configuration objects']],
    [['~'], { allowsNone: true }, []],
    [['~', 'b'], { allowsNone: true }, ['cannot export service entry to no one (~) and someone']],
    [['*', 'b'], {}, ['cannot have both public (*) and non-public exportTo values for a resource']],
    [['a_b'], {}, [notAllowed]],
    [['.'], { hasWorkloadSelector: true }, []],
    [
      ['.', 'b'],
      { hasWorkloadSelector: true },
      ['destination rule with workload selector cannot have multiple entries in exportTo'],
    ],
    [
      ['b'],
      { hasWorkloadSelector: true },
      ['destination rule with workload selector cannot have exportTo beyond current namespace'],
    ],
  ];
  it.each(cases)('%j with %j', (exportTo, options, errors) => {
    expect(
      collect((result, path) => {
        checkExportTo(result, path, exportTo, 'ns', options);
      }),
    ).toEqual(errors);
  });

  it('needs a namespace for the dot', () => {
    expect(
      collect((result, path) => {
        checkExportTo(result, path, ['.'], '');
      }),
    ).toEqual([notAllowed]);
  });
});

describe('gateway names', () => {
  it.each([
    [['ns/gw', 'ns2/gw'], []],
    [['mesh', '!bad/!!x'], []],
    [['ns/gw', 'a_b'], ['domain name "a_b" invalid (label "a_b" invalid)']],
    [['gw.ns'], ['W using legacy gatewayName format "gw.ns"; prefer the <namespace>/<name> format: "ns/gw"']],
    [['a_/b_'], ['invalid value for namespace: "a_"', 'invalid value for gateway name: "b_"']],
    [['ns/'], ['config namespace and gateway name cannot be empty', 'invalid value for gateway name: ""']],
  ])('%j', (names, findings) => {
    expect(
      collect((result, path) => {
        checkGatewayNames(result, path, names);
      }),
    ).toEqual(findings);
  });

  it('may be anything with route semantics', () => {
    expect(
      collect((result, path) => {
        checkGatewayNames(result, path, ['ns/b_'], true);
      }),
    ).toEqual([]);
  });
});
