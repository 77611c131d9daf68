import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerReview, validate } from '../../src/validation/index.ts';
import { resource } from './support.ts';

const seed = 20_261_121;

const kinds: [kind: string, group: string][] = [
  ['VirtualService', 'networking.istio.io'],
  ['DestinationRule', 'networking.istio.io'],
  ['Gateway', 'networking.istio.io'],
  ['ServiceEntry', 'networking.istio.io'],
  ['Sidecar', 'networking.istio.io'],
  ['EnvoyFilter', 'networking.istio.io'],
  ['WorkloadEntry', 'networking.istio.io'],
  ['WorkloadGroup', 'networking.istio.io'],
  ['ProxyConfig', 'networking.istio.io'],
  ['AuthorizationPolicy', 'security.istio.io'],
  ['PeerAuthentication', 'security.istio.io'],
  ['RequestAuthentication', 'security.istio.io'],
  ['Telemetry', 'telemetry.istio.io'],
  ['WasmPlugin', 'extensions.istio.io'],
  ['TrafficExtension', 'extensions.istio.io'],
];

/** Keys that the specs have, so that arbitrary values get past the decoder now and then. */
const keys = (
  'hosts http match uri prefix exact regex route destination host port number name headers request set add remove tls ' +
  'sniHosts tcp gateways exportTo subsets labels trafficPolicy loadBalancer servers protocol ports endpoints address ' +
  'resolution selector matchLabels rules from source principals to operation paths when key values action mtls mode ' +
  'jwtRules issuer metrics tracing accessLogging configPatches applyTo patch value egress ingress probe template ' +
  'weight timeout spec __proto__ constructor'
).split(' ');
const words = [
  '',
  '*',
  '*.com',
  'a.com',
  'mesh',
  'HTTP',
  '1s',
  '80',
  'SIMPLE',
  'DENY',
  '/a',
  '10.0.0.0/8',
  '(',
  'ns/gw',
];

const { json } = fc.letrec<{ json: unknown; object: object }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6, depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(...words),
    fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.double(), fc.string()),
    fc.array(tie('json'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: fc.string() }),
    tie('json'),
    {
      maxKeys: 5,
    },
  ),
}));

/** The same JSON with the keys of all objects the other way round. */
function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, reverseKeys(item)]);
  return Object.fromEntries(entries.reverse());
}

describe.each(kinds)('%s', (kind, group) => {
  it('gets a verdict whatever is under spec, in time and without a crash', () => {
    fc.assert(
      fc.property(json, (spec) => {
        const started = performance.now();
        const verdict = validate({ operation: 'CREATE', object: resource(kind, spec, {}, group) });
        expect(verdict.allowed).toBe(verdict.message === undefined);
        expect(performance.now() - started).toBeLessThan(10_000);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('gets the same verdict whatever the order of keys', () => {
    fc.assert(
      fc.property(json, (spec) => {
        const judge = (value: unknown): boolean =>
          validate({ operation: 'CREATE', object: resource(kind, value, {}, group) }).allowed;
        expect(judge(reverseKeys(spec))).toBe(judge(spec));
      }),
      { seed, numRuns: 200 },
    );
  });
});

describe('any body', () => {
  it('gets an answer', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          json.map((value) => JSON.stringify(value)),
        ),
        (body) => {
          const answer = JSON.parse(answerReview(body).text) as { response: { allowed: boolean } };
          expect(typeof answer.response.allowed).toBe('boolean');
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  it('gets an answer in its request, too', () => {
    const request = fc.record({
      uid: fc.constant('u'),
      operation: fc.constantFrom('CREATE', 'UPDATE'),
      object: fc.oneof(
        json,
        fc.record({ apiVersion: json, kind: json, metadata: json, spec: json }, { requiredKeys: [] }),
      ),
    });
    fc.assert(
      fc.property(request, (fields) => {
        const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: fields });
        const answer = JSON.parse(answerReview(body).text) as { response: { uid: string } };
        expect(answer.response.uid).toBe('u');
      }),
      { seed, numRuns: 500 },
    );
  });
});
