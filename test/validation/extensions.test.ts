import { describe, expect, it } from 'vitest';
import { check } from './support/check.ts';

const digest = 'a'.repeat(64);

describe('WasmPlugin', () => {
  it('takes a full one', () => {
    const spec = {
      selector: { matchLabels: { app: 'a' } },
      url: 'oci://a/b:1',
      sha256: digest,
      imagePullSecret: 's',
      pluginName: 'p'.repeat(256),
      vmConfig: {
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', valueFrom: 'HOST' },
        ],
      },
      match: [{ mode: 'CLIENT', ports: [{ number: 80 }] }],
    };
    expect(check('WasmPlugin', spec)).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    [{ url: '' }, 'spec.url: url field needs to be set'],
    [{ sha256: 'a' }, 'spec.sha256: sha256 field must be 64 characters long'],
    [{ sha256: 'A'.repeat(64) }, 'spec.sha256: sha256 field must match [a-f0-9]{64} pattern'],
    [
      { imagePullSecret: 's'.repeat(254) },
      'spec.imagePullSecret: imagePullSecret field must be less than 253 characters long',
    ],
    [{ pluginName: 'p'.repeat(257) }, 'spec.pluginName: pluginName field must be less than 255 characters long'],
    [{ vmConfig: { env: [{}] } }, 'spec.vmConfig.env[0].name: spec.vmConfig.env invalid'],
    [
      { vmConfig: { env: [{ name: 'n'.repeat(257) }] } },
      'spec.vmConfig.env[0].name: env.name field must be less than 255 characters long',
    ],
    [{ vmConfig: { env: [{ name: 'A' }, { name: 'A' }] } }, 'spec.vmConfig.env[1].name: duplicate env'],
    [
      { vmConfig: { env: [{ name: 'A', valueFrom: 'HOST', value: 'x' }, {}] } },
      'spec.vmConfig.env[0].value: value may only be set when valueFrom is INLINE',
    ],
    [
      { match: [{ ports: [{ number: 80 }, {}] }, { ports: [{ number: 65536 }] }] },
      'spec.match[0].ports[1].number: spec.Match[0].Ports[1] is out of range: 0',
    ],
  ])('refuses %j', (part, error) => {
    expect(check('WasmPlugin', { url: 'a', ...part }).errors).toEqual([error]);
  });

  it('checks what the plugin applies to', () => {
    const spec = {
      url: 'a',
      selector: {},
      targetRef: { group: 'x', kind: 'Pod', namespace: 'n' },
      targetRefs: [
        { kind: 'Service', name: 's' },
        { group: 'core', kind: 'Service', name: 's' },
      ],
    };
    expect(check('WasmPlugin', spec).errors).toEqual([
      'spec: only one of targetRefs or workloadSelector can be set',
      'spec.targetRef.name: targetRef name must be set',
      'spec.targetRef.namespace: targetRef namespace must not be set; cross namespace referencing is not supported',
      'spec.targetRef.kind: targetRef must be to one of [core/v1/Service networking.istio.io/v1/ServiceEntry gateway.networking.k8s.io/v1/Gateway gateway.networking.k8s.io/v1/GatewayClass] but was x/Pod',
    ]);
  });
});

describe('TrafficExtension', () => {
  it.each([{ lua: { inlineCode: '-- x' } }, { wasm: { url: 'a' } }])('takes %j', (spec) => {
    expect(check('TrafficExtension', spec)).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    [{}, 'spec: exactly one of wasm or lua must be set'],
    [{ lua: {} }, 'spec.lua.inlineCode: lua.inlineCode cannot be empty'],
    [{ lua: { inlineCode: 'é'.repeat(32769) } }, 'spec.lua.inlineCode: lua.inlineCode exceeds maximum size of 64KB'],
    [
      { wasm: { url: 'a', pluginName: 'p'.repeat(257) } },
      'spec.wasm.pluginName: pluginName field must be less than 256 characters long',
    ],
    [
      { lua: { inlineCode: 'x' }, match: [{ ports: [{}] }] },
      'spec.match[0].ports[0].number: spec.Match[0].Ports[0] is out of range: 0',
    ],
  ])('refuses %j', (spec, error) => {
    expect(check('TrafficExtension', spec).errors).toEqual([error]);
  });

  it('lets Lua win over WebAssembly, as decoding does', () => {
    expect(check('TrafficExtension', { wasm: {}, lua: { inlineCode: 'x' } }).errors).toEqual([]);
  });
});
