import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../src/cluster/client.ts';
import { nextMove, startLeader, type Leader, type LeaderTimes, type Lease } from '../../src/cluster/leader.ts';
import { recordingLog } from './support/log.ts';
import { ScriptedApiServer, until } from './support/scripted-api-server.ts';

const lease = (holderIdentity: string, resourceVersion = '1', leaseDurationSeconds = 10): Lease => ({
  metadata: { name: 'x', resourceVersion },
  spec: { holderIdentity, leaseDurationSeconds },
});

describe('what is done about a lease', () => {
  const seen = { resourceVersion: '1', at: 1_000 };
  it.each([
    ['made where there is none', undefined, 1_000, 'create'],
    ['renewed when it is ours', lease('me'), 99_999, 'renew'],
    ['taken when it was given back', lease(''), 1_000, 'take'],
    ['left while its holder may live', lease('other'), 11_000, 'wait'],
    ['taken when it was not renewed for its own duration', lease('other'), 11_001, 'take'],
    ['left when it was just renewed', lease('other', '2'), 99_999, 'wait'],
    [
      'taken after our duration where it has none',
      { metadata: { name: 'x', resourceVersion: '1' }, spec: { holderIdentity: 'other' } },
      6_001,
      'take',
    ],
  ])('it is %s', (_what, found, now, move) => {
    expect(nextMove(found, 'me', seen, now, 5_000)).toBe(move);
  });
});

describe('replicas that run for leader', () => {
  const path = '/apis/coordination.k8s.io/v1/namespaces/istio-system/leases';
  /** A leader that is renewed all the time keeps its lease however busy the machine is. */
  const times = { lease: 6_000, renewDeadline: 4_000, retry: 50 };
  let server: ScriptedApiServer;
  const leaders: Leader[] = [];
  const clients: ApiClient[] = [];
  let changes: string[] = [];

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    server.define(path);
    changes = [];
  });
  afterEach(async () => {
    await Promise.all(leaders.splice(0).map((leader) => leader.stop()));
    for (const client of clients.splice(0)) client.close();
    await server.stop();
  });

  function run(identity: string, { log } = recordingLog(), duration: Partial<LeaderTimes> = {}): Leader {
    const client = new ApiClient(server.credentials);
    clients.push(client);
    const leader = startLeader({
      client,
      namespace: 'istio-system',
      name: 'outrigger-leader',
      identity,
      log,
      times: { ...times, ...duration },
      onChange: (leads) => changes.push(`${identity} ${leads}`),
    });
    leaders.push(leader);
    return leader;
  }

  const held = (): Lease['spec'] => (server.get(path, 'outrigger-leader') as Lease | undefined)?.spec;

  it('are led by one', async () => {
    const all = ['a', 'b', 'c'].map((identity) => run(identity));
    await until('one leads', () => all.some((leader) => leader.leads()));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(all.filter((leader) => leader.leads())).toHaveLength(1);
    expect(changes).toHaveLength(1);
    expect(held()).toMatchObject({ leaseDurationSeconds: 6, leaseTransitions: 0 });
    expect(held()?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('are led by the next soon when the leader ends in order', async () => {
    // Nobody waits until such a lease has run out.
    const lasting = { lease: 600_000, renewDeadline: 500_000 };
    const first = run('a', recordingLog(), lasting);
    await until('a leads', () => first.leads());
    const second = run('b', recordingLog(), lasting);
    await first.stop();
    expect(first.leads()).toBe(false);
    await until('b leads', () => second.leads());
    expect(held()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  });

  it('are led by another when the lease was not renewed', async () => {
    server.put(path, { ...lease('dead', '', 1), metadata: { name: 'outrigger-leader', namespace: 'istio-system' } });
    const begin = performance.now();
    const leader = run('a');
    await until('a leads', () => leader.leads());
    expect(performance.now() - begin).toBeGreaterThanOrEqual(1_000);
  });

  it('do not believe in themselves when they cannot renew, and say why once', async () => {
    const record = recordingLog();
    const leader = run('a', record);
    await until('a leads', () => leader.leads());
    server.override = () => ({ status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' } });
    await until('a does not lead', () => !leader.leads());
    await until('it was told', () => changes.length === 2);
    server.override = () => undefined;
    await until('a leads again', () => leader.leads());
    expect(changes).toEqual(['a true', 'a false', 'a true']);
    expect(record.lines.filter((line) => line.startsWith('warn'))).toEqual(['warn cannot run for leader: no']);
  });
});
