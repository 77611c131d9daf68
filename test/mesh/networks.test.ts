import { describe, expect, it } from 'vitest';
import { decodeMeshNetworks, MeshConfigError } from '../../src/mesh/index.ts';

const list = (...messages: string[]): string =>
  `${messages.length} error${messages.length > 1 ? 's' : ''} occurred:\n${messages.map((text) => `\t* ${text}`).join('\n')}\n\n`;

function refusal(text: string, resolveHostnameGateways?: boolean): string {
  try {
    decodeMeshNetworks(text, { resolveHostnameGateways });
  } catch (error) {
    if (error instanceof MeshConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const gateway = (gw: string): string => `networks: {net: {gateways: [{port: 443, ${gw}}]}}`;

describe('mesh networks', () => {
  it('are read and checked', () => {
    const text =
      'networks: {net: {endpoints: [{fromCidr: 10.0.0.0/8}, {fromRegistry: c1}, {}], gateways: [{address: 1.1.1.1, port: 443}, {registryServiceName: a.b, port: 443}]}}';
    expect(decodeMeshNetworks(text).networks['net']?.gateways[0]).toEqual({ address: '1.1.1.1', port: 443 });
    expect(decodeMeshNetworks('').networks).toEqual({});
    expect(decodeMeshNetworks(gateway('address: gw.example')).networks).toHaveProperty('net');
  });

  it.each([
    [
      'networks: 1',
      'failed to convert to proto. json: cannot unmarshal number into Go value of type map[string]json.RawMessage',
    ],
    ['a: [', 'failed to convert to proto. yaml: line 1: did not find expected node content'],
    ['networks: {net: {endpoints: [{fromCidr: x}]}}', list('invalid network net: x is not a valid IP')],
    ['networks: {net: {endpoints: [{fromRegistry: a_b}]}}', list('invalid network net: invalid registry name: a_b')],
    [
      'networks: {net: {gateways: [{registryServiceName: "", port: 0}]}}',
      list(
        'invalid network net: empty domain name not allowed',
        'invalid network net: port number 0 must be in the range 1..65535',
      ),
    ],
    [gateway('address: a_b'), list('invalid network net: a_b is not a valid IP address or DNS name')],
  ])('are refused: %s', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it('forget earlier errors of a network when a gateway has a bad address', () => {
    const text = 'networks: {net: {endpoints: [{fromCidr: x}], gateways: [{address: a_b, port: 0}]}}';
    expect(refusal(text)).toBe(
      list(
        'invalid network net: a_b is not a valid IP address or DNS name',
        'invalid network net: port number 0 must be in the range 1..65535',
      ),
    );
  });

  it('take no host names as gateways when they are not resolved', () => {
    expect(refusal(gateway('address: gw.example'), false)).toBe(
      list(
        'invalid network net: gw.example is not a valid IP (hostname is allowed if RESOLVE_HOSTNAME_GATEWAYS is enabled)',
      ),
    );
  });
});
