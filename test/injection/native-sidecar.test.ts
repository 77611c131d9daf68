import { describe, expect, it } from 'vitest';
import { noClusterObjects, readFeatures, type ClusterObjects } from '../../src/configuration/index.ts';
import { detectNativeSidecar, nativeByAnnotation } from '../../src/injection/native-sidecar.ts';
import { pod } from './support.ts';

const nodes = (...versions: string[]): ClusterObjects => ({
  ...noClusterObjects,
  nodes: new Map(versions.map((version, index) => [`node-${index}`, version])),
});
const auto = readFeatures({}).features;
const detect = (cluster: ClusterObjects | undefined, spec: object = {}) =>
  detectNativeSidecar(auto, cluster, pod({}, spec)).native;

describe('native sidecar detection', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['', false],
    ['yes', false],
  ])('follows ENABLE_NATIVE_SIDECARS=%j without looking at nodes', (value, native) => {
    const { features } = readFeatures({ ENABLE_NATIVE_SIDECARS: value });
    expect(detectNativeSidecar(features, nodes(native ? 'v1.20.0' : 'v1.34.0'), pod()).native).toBe(native);
  });

  it.each([
    [['v1.33.0'], true],
    [['v1.34.1+k3s1', 'v1.33.2-gke.1200+abc'], true],
    [['v2.33.0'], true],
    [['1.33'], true],
    [['v1.33.0', 'v1.32.9'], false],
    [['not-a-version', 'v1.34.0'], false],
    [['v1'], false],
    [['v1.034.0'], false],
    [[''], false],
    [[], true],
  ])('needs Kubernetes 1.33 on every node: %j', (versions, native) => {
    expect(detect(nodes(...versions))).toBe(native);
  });

  it('looks at the node alone that the pod is bound to', () => {
    expect(detect(nodes('v1.20.0', 'v1.34.0'), { nodeName: 'node-1' })).toBe(true);
    expect(detect(nodes('v1.20.0', 'v1.34.0'), { nodeName: 'node-0' })).toBe(false);
  });

  it('looks at all nodes when the pod names one that does not exist', () => {
    const { native, warnings } = detectNativeSidecar(auto, nodes('v1.34.0'), pod({}, { nodeName: 'gone' }));
    expect(native).toBe(true);
    expect(warnings).toEqual(['pod assigned to node "gone" but node not found in cluster']);
  });

  it('is off in a cluster that is not known', () => {
    expect(detectNativeSidecar(auto, undefined, pod())).toEqual({
      native: false,
      warnings: [expect.stringContaining("couldn't find a client")],
    });
  });

  it.each([
    ['true', true],
    ['false', false],
    ['maybe', undefined],
  ])('takes the annotation %s as %s', (value, native) => {
    expect(nativeByAnnotation(pod({ annotations: { 'sidecar.istio.io/nativeSidecar': value } }))).toBe(native);
  });
});

describe('features', () => {
  it('warns about an unknown mode of native sidecars', () => {
    expect(readFeatures({ ENABLE_NATIVE_SIDECARS: 'x' }).warnings).toEqual([
      'Unknown value for ENABLE_NATIVE_SIDECARS: x, defaulting to false',
    ]);
  });

  it('reads platform and compliance policy', () => {
    const { features } = readFeatures({ PLATFORM: 'openshift', COMPLIANCE_POLICY: 'fips-140-2' });
    expect(features).toEqual({ nativeSidecars: 'auto', openshift: true, compliancePolicy: 'fips-140-2' });
  });
});
