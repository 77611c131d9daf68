import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTrustedChain } from '../../../src/cluster/certificates/chain.ts';
import { certificatesOf } from '../../../src/cluster/certificates/pem.ts';
import {
  carryOut,
  planRotation,
  renewalTime,
  type RotationContext,
} from '../../../src/cluster/certificates/rotation.ts';
import {
  materialOf,
  readSelfSignedState,
  writeSelfSignedState,
  type SelfSignedState,
} from '../../../src/cluster/certificates/self-signed-state.ts';
import { servingNames } from '../../../src/cluster/certificates/start.ts';

const hour = 60 * 60 * 1000;
const names = servingNames('outrigger', 'istio-system');

function context(at: number, changes: Partial<RotationContext> = {}): RotationContext {
  const lifetimes = { ca: 24 * hour, certificate: 3 * hour };
  return { now: new Date(at), lifetimes, names, isTrusted: () => true, ...changes };
}

async function next(state: SelfSignedState | undefined, at: RotationContext): Promise<SelfSignedState> {
  const plan = planRotation(state, at);
  if (plan === undefined) throw new Error('nothing is due');
  return carryOut(plan, at);
}

const subjects = (state: SelfSignedState): string[] => state.authorities.map(({ certificate }) => certificate.subject);

describe('certificates of our own', () => {
  it('are a CA and a certificate for the Service that a TLS client accepts', async () => {
    const { cert, key, caBundle } = materialOf(await next(undefined, context(Date.now())));
    const server = createServer({ cert, key }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const servername of ['outrigger.istio-system.svc', 'localhost']) {
      const socket = connect({ host: '127.0.0.1', port, ca: caBundle, servername });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      expect(socket.getPeerCertificate().asn1Curve).toBe('prime256v1');
      socket.destroy();
    }
    server.close();
  });

  it('come out of the Secret as they went in', async () => {
    const lifetimes = { ca: 6 * hour, certificate: 3 * hour };
    const first = await next(undefined, context(0, { lifetimes }));
    const second = await next(first, context(2 * hour, { lifetimes }));
    expect(second.authorities).toHaveLength(2);
    const again = readSelfSignedState(writeSelfSignedState(second), 'Secret a/b');
    expect(again === undefined ? undefined : writeSelfSignedState(again)).toEqual(writeSelfSignedState(second));
    expect(again?.authorities.map(({ key }) => key !== undefined)).toEqual([true, true]);
  });

  it('are not read from a Secret that lacks something or is damaged, and the error shows no key', async () => {
    const texts = writeSelfSignedState(await next(undefined, context(0)));
    const other = writeSelfSignedState(await next(undefined, context(0)));
    expect(readSelfSignedState({}, 'Secret a/b')).toBeUndefined();
    expect(readSelfSignedState({ 'tls.crt': '', unrelated: 'x' }, 'Secret a/b')).toBeUndefined();
    for (const [name, text] of [
      ['tls.crt', ''],
      ['tls.crt', 'x'],
      ['tls.key', ''],
      ['tls.key', other['tls.key']],
      ['ca.crt', other['ca.crt']],
      ['ca.crt', ''],
      ['ca.key', texts['ca.key']?.replace(/\n.{8}/, '\nAAAAAAAA')],
    ] as const) {
      expect(() => readSelfSignedState({ ...texts, [name]: text }, 'Secret a/b')).toThrow(
        new RegExp(`^(tls.crt|tls.key|ca.crt|ca.key) of Secret a/b is missing or damaged$`),
      );
    }
  });
});

describe('a renewal', () => {
  it('is due after two thirds of the life, not before', async () => {
    const state = await next(undefined, context(0));
    expect(renewalTime(state.leaf, 3 * hour)).toEqual(new Date(2 * hour));
    expect(planRotation(state, context(2 * hour - 1))).toBeUndefined();
    expect(planRotation(state, context(2 * hour))?.reason).toBe('due');
    expect(planRotation(state, context(3 * hour))?.reason).toBe('expired');
  });

  it('is due sooner when the lifetime was shortened', async () => {
    const state = await next(undefined, context(0));
    const lifetimes = { ca: 24 * hour, certificate: hour };
    expect(planRotation(state, context(hour, { lifetimes }))?.reason).toBe('due');
  });

  it('is due at once when the Service has another name', async () => {
    const state = await next(undefined, context(0));
    const renamed = context(1, { names: servingNames('other', 'istio-system') });
    const renewed = await next(state, renamed);
    expect(renewed.leaf.checkHost('other.istio-system.svc')).toBeDefined();
    expect(subjects(renewed)).toEqual(subjects(state));
  });

  it('keeps the CA while that outlives another certificate', async () => {
    const first = await next(undefined, context(0));
    const second = await next(first, context(2 * hour));
    expect(subjects(second)).toEqual(subjects(first));
    expect(second.leaf.serialNumber).not.toBe(first.leaf.serialNumber);
  });

  it('adds the next CA one renewal before it signs, and drops the old one one renewal after', async () => {
    const lifetimes = { ca: 8 * hour, certificate: 3 * hour };
    const at = (time: number): RotationContext => context(time * hour, { lifetimes });
    const states = [await next(undefined, at(0))];
    for (const time of [2, 4, 6, 8]) states.push(await next(states.at(-1), at(time)));
    const all = [...new Set(states.flatMap(subjects))];
    const table = states.map((state) => [
      subjects(state).map((subject) => all.indexOf(subject)),
      all.indexOf(state.leaf.issuer),
      state.authorities.map(({ key }) => key !== undefined),
    ]);
    expect(table).toEqual([
      [[0], 0, [true]],
      [[0], 0, [true]],
      [[0, 1], 0, [true, true]],
      [[0, 1], 1, [false, true]],
      // The second CA, made at 4 h, would at 10 h not outlive another certificate.
      [[1, 2], 1, [true, true]],
    ]);
  });

  it('goes on with the old CA while clients do not trust the new one', async () => {
    const lifetimes = { ca: 8 * hour, certificate: 3 * hour };
    let state = await next(undefined, context(0, { lifetimes }));
    for (const time of [2, 4]) state = await next(state, context(time * hour, { lifetimes }));
    const [old, fresh] = subjects(state);
    const known = state.authorities[0]?.certificate.fingerprint256;
    const isTrusted: RotationContext['isTrusted'] = ({ fingerprint256 }) => fingerprint256 === known;
    const later = await next(state, context(6 * hour, { lifetimes, isTrusted }));
    expect(later.leaf.issuer).toBe(old);
    expect(subjects(later)).toEqual([old, fresh]);
    expect(new Date(later.leaf.validTo)).toEqual(new Date(8 * hour));
    // At its very end the new one is better than none.
    const last = await next(later, context(8 * hour - 1000, { lifetimes, isTrusted }));
    expect(last.leaf.issuer).toBe(fresh);
  });

  it('makes a new CA where none can sign', async () => {
    const state = await next(undefined, context(0));
    const long = await next(state, context(100 * hour));
    expect(long.authorities).toHaveLength(1);
    expect(subjects(long)).not.toEqual(subjects(state));
    const keyless = { ...state, authorities: state.authorities.map(({ certificate }) => ({ certificate })) };
    const renewed = await next(keyless, context(2 * hour));
    expect(renewed.authorities).toHaveLength(2);
    expect(isTrustedChain([renewed.leaf], certificatesOf(materialOf(renewed).caBundle))).toBe(true);
  });
});

describe('replicas and API servers that are behind', () => {
  it('always understand each other, whatever their delay within one renewal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          caLives: fc.integer({ min: 2, max: 4 }),
          delays: fc.array(
            fc.tuple(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.double({ min: 0, max: 0.9, noNaN: true })),
            {
              minLength: 9,
              maxLength: 9,
            },
          ),
        }),
        async ({ caLives, delays }) => {
          const lifetimes = { ca: caLives * 3 * hour, certificate: 3 * hour };
          const history: { at: number; state: SelfSignedState }[] = [];
          let at = 0;
          for (const [replicaDelay, clientDelay] of delays) {
            const period = 2 * hour;
            const published = history.filter((write) => write.at + clientDelay * period <= at).at(-1);
            const trusted = published?.state.authorities ?? [];
            const state = await next(
              history.at(-1)?.state,
              context(at, {
                lifetimes,
                isTrusted: ({ fingerprint256 }) =>
                  trusted.some((one) => one.certificate.fingerprint256 === fingerprint256),
              }),
            );
            history.push({ at, state });
            // Between this write and the next: replicas show this certificate or the one before, clients have this bundle or that one.
            for (const shown of history.slice(-2)) {
              for (const known of history.slice(-2)) {
                const bundle = known.state.authorities.map(({ certificate }) => certificate);
                if (history.length > 1) expect(isTrustedChain([shown.state.leaf], bundle)).toBe(true);
              }
            }
            expect(state.authorities.length).toBeLessThanOrEqual(3);
            at = renewalTime(state.leaf, lifetimes.certificate).getTime() + replicaDelay * 0.05 * period;
          }
        },
      ),
      { numRuns: 12, seed: 5 },
    );
  });
});
