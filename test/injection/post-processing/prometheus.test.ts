import { describe, expect, it } from 'vitest';
import { mergePrometheus } from '../../../src/injection/post-processing/prometheus.ts';
import { decodeMeshConfig } from '../../../src/mesh/index.ts';
import { pod, podWithProxy } from '../support.ts';

const { mesh } = decodeMeshConfig('');
const merged = {
  'prometheus.io/path': '/stats/prometheus',
  'prometheus.io/port': '15020',
  'prometheus.io/scrape': 'true',
};
const merge = (annotations: object, config = mesh) => mergePrometheus(podWithProxy({ annotations }), config);
const told = (made: ReturnType<typeof merge>): string | undefined => made.spec.containers?.at(-1)?.env?.[0]?.value;

describe('merging metrics', () => {
  it('points Prometheus to the proxy', () => {
    const made = merge({ other: 'x' });
    expect(made.metadata.annotations).toEqual({ ...merged, other: 'x' });
    expect(told(made)).toBeUndefined();
  });

  it("tells the proxy where the application's metrics are", () => {
    const made = merge({ 'prometheus.io/port': '9090', 'prometheus.io/path': '/m' });
    expect(made.metadata.annotations).toEqual(merged);
    expect(told(made)).toBe('{"scrape":"","path":"/m","port":"9090"}');
  });

  it('knows all spellings of an annotation', () => {
    const made = merge({ 'prometheus-io/port': '1', 'prometheus.io.path': '/p', prometheus_io_scrape: 'true' });
    expect(made.metadata.annotations).toEqual(merged);
    expect(told(made)).toBe('{"scrape":"true","path":"/p","port":"1"}');
  });

  it.each([
    ['scraping is off', { 'prometheus.io/scrape': 'false' }],
    ['the pod says so', { 'prometheus.istio.io/merge-metrics': 'false' }],
    ['it was done before', { 'prometheus.io/port': '15020' }],
  ])('is left out when %s', (_why, annotations) => {
    expect(merge(annotations).metadata.annotations).toEqual(annotations);
  });

  it('takes a scrape setting that is no boolean as on', () => {
    expect(told(merge({ 'prometheus.io/scrape': 'no' }))).toBe('{"scrape":"no","path":"","port":""}');
  });

  it('follows the mesh unless the pod says otherwise', () => {
    const off = decodeMeshConfig('enablePrometheusMerge: false').mesh;
    expect(merge({ a: 'b' }, off).metadata.annotations).toEqual({ a: 'b' });
    expect(merge({ 'prometheus.istio.io/merge-metrics': '1' }, off).metadata.annotations).toMatchObject(merged);
    expect(merge({ 'prometheus.istio.io/merge-metrics': 'x' }, off).metadata.annotations).toEqual({
      'prometheus.istio.io/merge-metrics': 'x',
    });
  });

  it("uses the mesh's status port", () => {
    const other = decodeMeshConfig('defaultConfig: {statusPort: 15999}').mesh;
    expect(merge({}, other).metadata.annotations?.['prometheus.io/port']).toBe('15999');
  });

  it('rewrites the annotations also without a proxy', () => {
    const made = mergePrometheus(pod({ annotations: { 'prometheus.io/port': '9090' } }), mesh);
    expect(made.metadata.annotations).toEqual(merged);
    expect(made.spec.containers?.[0]?.env).toBeUndefined();
  });
});
