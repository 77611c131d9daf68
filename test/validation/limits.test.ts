import { describe, expect, it } from 'vitest';
import { answerReview } from '../../src/validation/index.ts';
import { resource } from './support.ts';

/** Far above what any of these takes on a slow machine, far below what a quadratic check would take. In milliseconds. */
const patience = 60_000;
/** Bodies beyond this size do not reach validation. */
const maxBodyBytes = 6_291_456;

const list = (length: number, item: (index: number) => unknown): unknown[] =>
  Array.from({ length }, (_, index) => item(index));
const route = [{ destination: { host: 'reviews' } }];
const http = [{ route }];

function review(kind: string, spec: unknown): string {
  const request = { uid: 'u', operation: 'CREATE', object: resource(kind, spec) };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

describe('huge requests', () => {
  const prefix = (index: number): string => `/p${String(index).padStart(6, '0')}`;
  it.each<[string, boolean, string, unknown]>([
    [
      '10,000 routes',
      true,
      'VirtualService',
      { hosts: ['a.com'], http: list(10_000, (index) => ({ match: [{ uri: { prefix: prefix(index) } }], route })) },
    ],
    [
      '10,000 equal routes',
      true,
      'VirtualService',
      { hosts: ['a.com'], http: list(10_000, () => ({ match: [{ uri: { prefix: '/' } }], route })) },
    ],
    [
      'routes that differ in a header only',
      false,
      'VirtualService',
      {
        hosts: ['a.com'],
        http: list(60_000, (index) => ({
          match: [{ uri: { prefix: index % 2 === 0 ? '/' : '/b' }, headers: { x: { exact: `a${index}` } } }],
        })),
      },
    ],
    [
      'prefixes of every length',
      false,
      'VirtualService',
      { hosts: ['a.com'], http: list(3000, (index) => ({ match: [{ uri: { prefix: '/'.repeat(index) } }] })) },
    ],
    ['5,000 hosts', true, 'VirtualService', { hosts: list(5000, (index) => `h${index}.example.com`), http }],
    ['5,000 wildcard hosts', true, 'VirtualService', { hosts: list(5000, (index) => `*.h${index}.example.com`), http }],
    ['5,000 equal hosts', false, 'VirtualService', { hosts: list(5000, () => 'a.com'), http }],
    [
      '5,000 SNI hosts that 5,000 hosts do not cover',
      false,
      'VirtualService',
      {
        hosts: list(5000, (index) => `h${index}.example.com`),
        tls: [{ match: [{ sniHosts: list(5000, (index) => `x${index}.example.com`) }], route }],
      },
    ],
    ['two million empty hosts', false, 'VirtualService', { hosts: list(2_000_000, () => ''), http }],
    [
      '100,000 subsets',
      true,
      'DestinationRule',
      { host: 'a', subsets: list(100_000, (index) => ({ name: `s${index}` })) },
    ],
    ['100,000 hosts', true, 'ServiceEntry', { hosts: list(100_000, (index) => `h${index}.com`), resolution: 'DNS' }],
    [
      '20,000 servers',
      true,
      'Gateway',
      {
        servers: list(20_000, (index) => ({
          hosts: ['a.com'],
          port: { number: 80, name: `p${index}`, protocol: 'HTTP' },
        })),
      },
    ],
    [
      'regular expressions with nested counts',
      true,
      'VirtualService',
      {
        hosts: ['a.com'],
        http: list(2000, (index) => ({
          match: [{ uri: { regex: `${'((a{1,10}){1,10}){1,10}'.repeat(20)}${index}` } }],
          route,
        })),
      },
    ],
    [
      'a label that fills the body',
      false,
      'DestinationRule',
      { host: 'a', subsets: [{ name: 'a', labels: { ['a-'.repeat(2_000_000)]: 'a' } }] },
    ],
  ])('with %s are answered in time', (_name, allowed, kind, spec) => {
    const body = review(kind, spec);
    expect(body.length).toBeLessThanOrEqual(maxBodyBytes);
    const started = performance.now();
    const { verdict, text } = answerReview(body);
    expect(performance.now() - started).toBeLessThan(patience);
    expect(verdict.allowed).toBe(allowed);
    expect(text.length).toBeLessThan(4 * maxBodyBytes);
  });

  it('with deep nesting are refused', () => {
    const body = review('VirtualService', 'here').replace('"here"', '['.repeat(1_000_000) + ']'.repeat(1_000_000));
    expect(answerReview(body).verdict.allowed).toBe(false);
  });
});
