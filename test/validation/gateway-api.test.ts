import { describe, expect, it } from 'vitest';
import { validate } from '../../src/validation/index.ts';

const judge = (kind: string, spec: unknown, annotations = {}): ReturnType<typeof validate> =>
  validate({
    operation: 'CREATE',
    object: { apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name: 'g', annotations }, spec },
  });

describe('kinds of the Gateway API', () => {
  it.each([
    ['Gateway', { gatewayClassName: 'x', listeners: [{ anything: 1 }] }],
    ['HTTPRoute', { RULES: [], rules: null, unknown: 5 }],
    ['GatewayClass', null],
    ['ReferenceGrant', undefined],
  ])('%s %j is fine', (kind, spec) => {
    expect(judge(kind, spec)).toEqual({ allowed: true });
  });

  it.each([
    ['HTTPRoute', { rules: 5 }, 'rules', 'number into Go struct field HTTPRouteSpec.rules of type []v1.HTTPRouteRule'],
    ['TLSRoute', { hostnames: ['a', 5] }, 'hostnames[1]', 'number into Go struct field TLSRouteSpec.hostnames'],
    ['BackendTLSPolicy', { options: { a: 5 } }, 'options[a]', 'number into Go struct field'],
    ['ListenerSet', { parentRef: [] }, 'parentRef', 'array into Go struct field ListenerSetSpec.parentRef'],
  ])('%s %j is refused', (kind, spec, field, text) => {
    const { allowed, message, status } = judge(kind, spec);
    expect(allowed).toBe(false);
    expect(message).toContain(`error decoding configuration: json: cannot unmarshal ${text}`);
    expect(status?.details.causes[0]?.field).toBe(`spec.${field}`);
  });

  it('are refused with a spec that is no object', () => {
    expect(judge('Gateway', 'x').message).toBe(
      'error decoding configuration: json: cannot unmarshal string into Go value of type v1.GatewaySpec',
    );
  });

  it('have their annotations checked', () => {
    expect(judge('Gateway', {}, { 'istio.io/dry-run': 'true' }).message).toContain('unsupported annotation');
  });

  it('are those that Istio knows by default', () => {
    expect(judge('TCPRoute', {}).message).toContain('unrecognized type');
  });
});
