import { describe, expect, it } from 'vitest';
import { decodeValues } from '../../src/configuration/index.ts';
import { applyProxyConfigAnnotation, defaultProxyConfig } from '../../src/mesh/index.ts';
import { proxyImage } from '../../src/injection/proxy-image.ts';

const image = (global: string, { config = '{}', type }: { config?: string; type?: string } = {}): string =>
  proxyImage(
    decodeValues({ file: 'values', text: `global: ${global}` }),
    applyProxyConfigAnnotation(defaultProxyConfig, config),
    type === undefined ? undefined : { 'sidecar.istio.io/proxyImageType': type },
  );

describe('the image of the proxy', () => {
  it.each([
    ['{hub: h, tag: "1.30.3"}', 'h/proxyv2:1.30.3'],
    ['{hub: h, tag: 1.30}', 'h/proxyv2:1.3'],
    ['{hub: h, tag: 12345678}', 'h/proxyv2:1.2345678e+07'],
    ['{hub: h, tag: null}', 'h/proxyv2:<nil>'],
    ['{hub: h, tag: true}', 'h/proxyv2:true'],
    ['{hub: h}', 'h/proxyv2:'],
    ['{tag: t, proxy: {image: custom}}', '/custom:t'],
    ['{hub: h, tag: t, variant: distroless}', 'h/proxyv2:t-distroless'],
    ['{hub: h, tag: t-debug, variant: distroless}', 'h/proxyv2:t-distroless'],
    ['{hub: h, tag: t-distroless, variant: default}', 'h/proxyv2:t'],
    ['{hub: h, tag: t-distroless}', 'h/proxyv2:t-distroless'],
    ['{hub: h, tag: t, variant: own}', 'h/proxyv2:t-own'],
  ])('%s', (global, expected) => {
    expect(image(global)).toBe(expected);
  });

  it('takes the type of the proxy configuration over that of the values, even when it is empty', () => {
    expect(image('{hub: h, tag: t, variant: debug}', { config: 'image: {imageType: distroless}' })).toBe(
      'h/proxyv2:t-distroless',
    );
    expect(image('{hub: h, tag: t, variant: debug}', { config: 'image: {}' })).toBe('h/proxyv2:t');
  });

  it('takes the type of the annotation over all, even when it is empty', () => {
    const config = 'image: {imageType: distroless}';
    expect(image('{hub: h, tag: t}', { config, type: 'debug' })).toBe('h/proxyv2:t-debug');
    expect(image('{hub: h, tag: t}', { config, type: '' })).toBe('h/proxyv2:t');
  });
});
