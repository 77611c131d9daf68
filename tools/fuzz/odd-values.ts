/** Values, keys and texts that programs trip over; what is drawn from here is mixed with arbitrary JSON of fast-check. */
import fc from 'fast-check';
import { metadataRegistry } from '../../src/injection/index.ts';

/** Stands for JSON text that `JSON.stringify` would not write; see {@link writeRaw}. */
const rawMark = '\u0001raw:';

const raw = (text: string): string => rawMark + Buffer.from(text).toString('hex');

/** Puts the raw texts of a JSON text in their places. */
export function writeRaw(json: string): string {
  return json.replaceAll(/"\\u0001raw:([0-9a-f]*)"/g, (_match, hex: string) => Buffer.from(hex, 'hex').toString());
}

export const oddKeys: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  '0',
  '-1',
  '~',
  '~1a/b~0',
  'a/b',
  '\u0000',
  '\ud800',
  '\ufeff',
  'K\u212a',
  'Name',
  'NAME',
  'x'.repeat(300),
  'istio-proxy',
];

export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u2028',
  '🙂'.repeat(40),
  'x'.repeat(5000),
  'istio-proxy',
  'istio-init',
  'istio-validation',
  'true',
  'null',
  '~',
  '0x10',
  '1e1000',
  '-1',
  '99999999999999999999',
  '1.5.6',
  '10.0.0.0/8,*',
  '::/0',
  '{{ .Values }}',
  '{{',
  '${HOME}',
  '$(PATH)',
  'a: b\nc: [d',
  '&a [*a, *a]',
  '!!binary x',
  '---\n---\n',
  '|2\n  x\n y',
  '"unended',
  '[',
  ']'.repeat(100),
  '['.repeat(600),
  '{"a":'.repeat(50),
  '- '.repeat(300),
  '%s%n%d',
  '../../etc/passwd',
  '500m',
  '1Gi',
  '1e3',
  'sidecar,sidecar',
  'sidecar,gateway,grpc-agent,nothing',
  'sidecar,'.repeat(60) + 'sidecar',
  '2020-01-01T00:00:00Z',
  '1h1m1s1ms',
];

const oddNumbers: readonly unknown[] = [
  0,
  -0,
  1,
  -1,
  65_535,
  65_536,
  2 ** 31,
  2 ** 53,
  1.5,
  1e21,
  5e-324,
  ...['1e400', '-0', '-0.0', '9223372036854775808', '123456789012345678901234567890', '1E+2', '0.1e-400'].map(raw),
];

const oddOthers: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  [{}],
  ...['{"a":1,"a":2}', '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '{"__proto__":{"x":1}}', '"\\u212a"'].map(raw),
];

/** Values for anything, made of a seed. */
export function oddValues(seed: number, count: number): unknown[] {
  const key = fc.oneof(fc.constantFrom(...oddKeys), fc.string({ maxLength: 10, unit: 'grapheme' }));
  const leaf = fc.oneof(fc.constantFrom(...oddTexts), fc.constantFrom(...oddNumbers), fc.constantFrom(...oddOthers));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.jsonValue({ maxDepth: 3 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    ),
  }));
  return fc.sample(value, { seed, numRuns: count });
}

/** Names of labels and annotations that the injector reads. */
export const knownMetadata: readonly string[] = metadataRegistry.map(({ name }) => name);

/** Texts that such labels and annotations hold, right or nearly so. */
export const metadataTexts: readonly string[] = [
  'true',
  'false',
  'enabled',
  'disabled',
  'istio-proxy',
  'REDIRECT',
  'TPROXY',
  '*',
  '80,443',
  '80,x',
  '15006',
  '10.0.0.0/8,192.168.0.0/16',
  '100m',
  '1Gi',
  '64M',
  'debug',
  'default:debug,http:trace',
  'example.com/proxy:1',
  'sidecar',
  'gateway',
  'grpc-agent',
  '[{"name":"v","emptyDir":{}}]',
  '{"v":{"emptyDir":{}}}',
  '{"v":{"mountPath":"/v"}}',
  '{"name":"istio-proxy","image":"x"}',
  'concurrency: 2\nproxyMetadata:\n  A: b',
  '{"holdApplicationUntilProxyStarts":true}',
  'drainDuration: 5x',
  'interceptionMode: TPROXY\nproxyMetadata: {A: 1}',
];
