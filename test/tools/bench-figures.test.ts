import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../src/injection/answers/review-shape.ts';
import { formatComparison } from '../../tools/bench/compare.ts';
import { judge } from '../../tools/bench/limits.ts';
import { median, quantile, type Measurement } from '../../tools/bench/measurement.ts';
import {
  distinctPod,
  distinctResource,
  podOfBytes,
  podWithVariables,
  replicaPod,
  replicaPodWithTime,
} from '../../tools/bench/pods.ts';
import { toRow } from '../../tools/bench/rows.ts';
import { RequestStream } from '../../tools/bench/stream.ts';
import { formatMarkdown, formatTable, replaceTable } from '../../tools/bench/table.ts';

const run = (cpuMs: number, p99ms = 4): Measurement => ({
  requests: 1000,
  seconds: 2,
  p50ms: 1,
  p99ms,
  maxMs: 9,
  cpuMs,
  rssMb: 100,
  failures: { 'status 503': 1 },
  clientCpu: 0.5,
});

describe('figures', () => {
  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('takes the quantile %s of 1 to 100 by the nearest rank', (part, expected) => {
    expect(
      quantile(
        Array.from({ length: 100 }, (_, index) => index + 1),
        part,
      ),
    ).toBe(expected);
  });

  it('has a quantile of no values', () => {
    expect(quantile([], 0.99)).toBe(0);
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('takes the median of %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('makes a row with the fields of the contract first, medians of the runs, and the ratio to the floor of the same run', () => {
    const row = toRow('a load', [run(900), run(300), run(600)], [run(300), run(100), run(100)]);
    expect(Object.keys(row).slice(0, 8)).toEqual([
      'name',
      'requests',
      'seconds',
      'requestsPerSecond',
      'p50ms',
      'p99ms',
      'cpuMsPerRequest',
      'rssMb',
    ]);
    expect(row).toMatchObject({ requests: 3000, seconds: 6, requestsPerSecond: 500, cpuMsPerRequest: 0.6 });
    expect(row).toMatchObject({ floorRatio: 3, failures: 3, reasons: { 'status 503': 3 }, runs: 3 });
  });

  it('holds rows to their limits, requests a second to the least', () => {
    const row = { ...toRow('a load', [run(600)]), details: { wrong: 2 } };
    const verdicts = judge(row, { cpuMsPerRequest: 0.6, requestsPerSecond: 501, details: { wrong: 0 } });
    expect(verdicts.map(({ figure, holds }) => [figure, holds])).toEqual([
      ['cpuMsPerRequest', true],
      ['requestsPerSecond', false],
      ['wrong', false],
    ]);
  });

  it('shows ratios to an earlier run, and leaves out loads that it did not have', () => {
    const text = formatComparison([toRow('a', [run(300)]), toRow('new', [run(1)])], [toRow('a', [run(600, 2)])]);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('0.50×');
    expect(text).toContain('2.00×');
  });

  it('prints tables for people and as Markdown', () => {
    const rows = [toRow('a load', [run(300)], [run(100)])];
    expect(formatTable(rows).split('\n')[1]).toMatch(/^a load +1000 +500 +1\.00 +4\.00 +0\.300 +3\.0 +100$/);
    expect(formatTable(rows)).toContain('a load: 1 requests failed (1 × status 503)');
    expect(formatMarkdown(rows).split('\n')).toEqual([
      '|  | req/s | p50 ms | p99 ms | CPU ms/request | × floor | RSS MB |',
      '|---|---|---|---|---|---|---|',
      '| a load | 500 | 1.00 | 4.00 | 0.300 | 3.0 | 100 |',
    ]);
  });

  it('puts the table where a text marks a place for it', () => {
    const text = 'before\n<!-- bench -->\nold\ntable\n<!-- /bench -->\nafter\n';
    const lines = replaceTable(text, [toRow('a $& load', [run(300)])]).split('\n');
    expect(lines.slice(0, 2)).toEqual(['before', '<!-- bench -->']);
    expect(lines[4]).toMatch(/^\| a \$& load \|/);
    expect(lines.slice(5)).toEqual(['<!-- /bench -->', 'after', '']);
    expect(() => replaceTable('nothing', [])).toThrow('no place');
  });
});

const review = JSON.stringify({
  request: {
    uid: 'u',
    object: {
      metadata: { annotations: { kept: 'yes' } },
      spec: {
        containers: [{ name: 'app', volumeMounts: [{ name: 'kube-api-access-x7k2p' }] }],
        volumes: [{ name: 'kube-api-access-x7k2p' }],
      },
    },
  },
});

/** Bodies of a stream, decoded. */
function bodies(text: string, count: number) {
  const stream = new RequestStream([{ path: '/inject', text }]);
  return Array.from({ length: count }, () => stream.nextBody().body.toString());
}

describe('loads', () => {
  it('gives each replica a uid and a token volume of its own, and nothing else', () => {
    const replicas = bodies(replicaPod(review), 500);
    expect(new Set(replicas).size).toBe(500);
    const parsed = JSON.parse(replicas[7] ?? '') as {
      request: { uid: string; object: { spec: { containers: { volumeMounts: object[] }[]; volumes: object[] } } };
    };
    const { spec } = parsed.request.object;
    expect(parsed.request.uid).toMatch(/^00000000-0000-4000-8000-[0-9a-f]{12}$/);
    expect(spec.volumes).toEqual([
      { name: expect.stringMatching(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/) },
    ]);
    expect(spec.containers[0]?.volumeMounts).toEqual(spec.volumes);
  });

  it('gives each distinct resource a name that no other has', () => {
    const text = JSON.stringify({ request: { uid: 'u', object: { metadata: { namespace: 'a' } } } });
    const names = bodies(distinctResource(text), 500).map((body) => {
      const { request } = JSON.parse(body) as { request: { name: string; object: { metadata: { name: string } } } };
      expect(request.name).toBe(request.object.metadata.name);
      return request.name;
    });
    expect(new Set(names).size).toBe(500);
  });

  it('gives each distinct pod a value of an annotation that no other has', () => {
    const values = bodies(distinctPod(review), 1000).map((body) => {
      const { request } = JSON.parse(body) as AnnotatedReview;
      expect(request.object.metadata.annotations['kept']).toBe('yes');
      return request.object.metadata.annotations['sidecar.istio.io/proxyCPU'];
    });
    expect(new Set(values).size).toBe(1000);
    expect(values[0]).toMatch(/^\d{8}m$/);
  });

  it('sends replicas whose answers can be remembered, and distinct pods whose answers cannot', () => {
    const shapes = (text: string) => new Set(bodies(text, 500).map((body) => shapeOf(body, '/inject')?.key));
    const replicas = bodies(replicaPodWithTime(review), 3);
    expect(new Set(replicas.map((body) => /"time":"2026-01-01T00:00:0\dZ"/.exec(body)?.[0])).size).toBe(3);
    expect(shapes(replicaPodWithTime(review)).size).toBe(1);
    const { request } = JSON.parse(review) as { request: object };
    expect(shapes(distinctPod(JSON.stringify({ request: { ...request, userInfo: {} } }))).size).toBe(500);
  });

  it('never gives two numbers the same name of a volume', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), fc.integer({ min: 0, max: 9_999_999 }), (a, b) => {
        fc.pre(a !== b);
        const at = (start: number): string =>
          new RequestStream([{ path: '/', text: '%name' }], start).nextBody().body.toString();
        return at(a) !== at(b);
      }),
      { seed: 8 },
    );
  });

  it('does not change what was handed out before', () => {
    const stream = new RequestStream([{ path: '/inject', text: '"%number%"' }]);
    const first = stream.next().bytes;
    const before = first.toString();
    stream.next();
    expect(first.toString()).toBe(before);
  });

  it('makes pods of a number of variables, and of a size', () => {
    const { request } = JSON.parse(podWithVariables(review, 30)) as {
      request: { object: { spec: { containers: { env: object[] }[] } } };
    };
    expect(request.object.spec.containers[0]?.env).toHaveLength(30);
    expect(podOfBytes(review, 2 ** 20).length / 2 ** 20).toBeCloseTo(1, 1);
  });
});

interface AnnotatedReview {
  readonly request: {
    readonly object: { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };
  };
}
