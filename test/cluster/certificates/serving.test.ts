import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMaterial, type Material } from '../../../src/cluster/certificates/check-material.ts';
import { Serving } from '../../../src/cluster/certificates/serving.ts';
import { Trust } from '../../../src/cluster/certificates/trust.ts';
import { OpenSsl } from './support.ts';

const ssl = new OpenSsl();
const minute = 60_000;
let time = Date.now() + minute;
const now = (): Date => new Date(time);
const materials: Record<string, Material> = {};

beforeAll(() => {
  for (const name of ['a', 'b', 'c']) {
    ssl.authority(`ca-${name}`);
    ssl.server(name, `ca-${name}`);
    const texts = { cert: ssl.read(`${name}.crt`), key: ssl.read(`${name}.key`), ca: ssl.read(`ca-${name}.crt`) };
    const where = { cert: 'tls.crt', key: 'tls.key', ca: 'ca.crt' };
    materials[name] = checkMaterial({ ...texts, where }, 'outrigger.istio-system.svc', now());
  }
});
afterAll(() => {
  ssl.close();
});

function material(name: string): Material {
  const found = materials[name];
  if (found === undefined) throw new Error(name);
  return found;
}

const bundle = (...names: string[]): string => names.map((name) => ssl.read(`ca-${name}.crt`)).join('');

function setUp() {
  const trust = new Trust(1_000, now);
  return { trust, serving: new Serving(trust, { patience: minute, overlap: 60 * minute }, now) };
}

describe('a new certificate of somebody else', () => {
  it('is shown at once when it is the first, whoever trusts it', () => {
    const { trust, serving } = setUp();
    trust.update(['']);
    expect(serving.caBundle).toBe('');
    serving.offer(material('a'));
    expect(serving.advance()).toBe('first');
    expect(serving.current).toBe(material('a'));
    expect(serving.caBundle).toBe(bundle('a'));
  });

  it('waits until every webhook configuration has had its CA for a while; until then both are to be trusted', () => {
    const { trust, serving } = setUp();
    serving.offer(material('a'));
    serving.advance();
    trust.update([bundle('a'), bundle('a')]);
    serving.offer(material('b'));
    expect([serving.advance(), serving.caBundle, serving.waits]).toEqual(['unchanged', bundle('a', 'b'), true]);
    trust.update([bundle('a', 'b'), bundle('a')]);
    time += 2_000;
    expect(serving.advance()).toBe('unchanged');
    trust.update([bundle('a', 'b'), bundle('a', 'b')]);
    time += 999;
    expect(serving.advance()).toBe('unchanged');
    time += 1;
    expect([serving.advance(), serving.current, serving.waits]).toEqual(['trusted', material('b'), false]);
  });

  it('leaves its old CA in the bundle for replicas that are slower, and then not', () => {
    const { serving } = setUp();
    serving.offer(material('a'));
    serving.advance();
    serving.offer(material('b'));
    expect(serving.advance()).toBe('trusted');
    expect(serving.caBundle).toBe(bundle('a', 'b'));
    time += 60 * minute;
    expect(serving.caBundle).toBe(bundle('b'));
  });

  it('does not wait for ever, nor when the old one has expired', () => {
    const { trust, serving } = setUp();
    serving.offer(material('a'));
    serving.advance();
    trust.update(['']);
    serving.offer(material('b'));
    time += minute - 1;
    expect(serving.advance()).toBe('unchanged');
    time += 1;
    expect(serving.advance()).toBe('impatient');
    serving.offer({ ...material('c') });
    const before = time;
    time = material('b').notAfter.getTime();
    expect(serving.advance()).toBe('expired');
    time = before;
  });

  it('is forgotten when the one in use comes back', () => {
    const { trust, serving } = setUp();
    serving.offer(material('a'));
    serving.advance();
    trust.update([bundle('a')]);
    serving.offer(material('b'));
    serving.advance();
    serving.offer(material('a'));
    expect([serving.waits, serving.caBundle]).toEqual([false, bundle('a')]);
  });
});

describe('what API servers trust', () => {
  it('is everything while no webhook configuration is ours', () => {
    const { trust } = setUp();
    expect(trust.trustsChain(material('a').chain)).toBe(true);
    trust.update([]);
    expect(trust.trustsChain(material('a').chain)).toBe(true);
  });

  it('is nothing where a bundle is empty or damaged', () => {
    const { trust } = setUp();
    for (const bad of ['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']) {
      trust.update([bundle('a'), bad]);
      time += 5_000;
      expect(trust.trustsChain(material('a').chain)).toBe(false);
    }
  });

  it('is counted anew after a bundle was taken away', () => {
    const { trust } = setUp();
    const [authority] = material('a').authorities;
    if (authority === undefined) throw new Error('no CA');
    trust.update([bundle('a')]);
    time += 5_000;
    expect(trust.trusts(authority)).toBe(true);
    trust.update([bundle('b')]);
    trust.update([bundle('a')]);
    expect(trust.trusts(authority)).toBe(false);
    time += 1_000;
    expect(trust.trusts(authority)).toBe(true);
  });
});
