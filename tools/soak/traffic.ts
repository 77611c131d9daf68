/** Who sends what: each kind of traffic is a loop of its own that ends with the soak. */
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { Connection, tlsOptions, type Answer, type Target } from '../bench/connection.ts';
import type { CertificateSet } from './certificates.ts';
import type { Findings } from './findings.ts';
import type { Probe, Probes } from './probes.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** What the traffic knows and reports to. */
export interface Traffic {
  readonly target: Target;
  readonly probes: Probes;
  /** Numbers of configurations. */
  readonly configurations: Timeline<number>;
  readonly certificates: Timeline<CertificateSet>;
  readonly findings: Findings;
  readonly goOn: () => boolean;
  /** After each request, in ms. */
  readonly pauseMs: number;
  /** Called for each request that came to its end. */
  readonly count: (kind: TrafficKind, latencyMs: number) => void;
}

type Loop = (traffic: Traffic, kind: TrafficKind, random: Random) => Promise<void>;

/** A kind of traffic: how many loops send it, and how long each waits between two requests, in ms. */
interface TrafficRule {
  readonly loops: number;
  readonly pauseMs: number;
  readonly run: Loop;
}

/** Sends over a connection that stays. */
const keepAlive =
  (choose: (probes: Probes) => readonly Probe[]): Loop =>
  async (traffic, kind, random) => {
    let connection: Connection | undefined;
    while (traffic.goOn()) {
      if (connection?.isOpen !== true) connection = await open(traffic);
      if (connection !== undefined) await ask(traffic, kind, random.pick(choose(traffic.probes)), connection);
      await pause(rules[kind].pauseMs + traffic.pauseMs);
    }
    connection?.close();
  };

const newConnections: Loop = async (traffic, kind, random) => {
  while (traffic.goOn()) {
    const connection = await open(traffic);
    if (connection !== undefined) await ask(traffic, kind, random.pick(traffic.probes.inject), connection);
    connection?.close();
    await pause(rules[kind].pauseMs + traffic.pauseMs);
  }
};

/** Streams of an HTTP/2 connection that is replaced now and then. */
const http2: Loop = async (traffic, kind, random) => {
  const { target, probes, goOn } = traffic;
  while (goOn()) {
    const session = connectHttp2(`https://${target.host}:${target.port}`, {
      createConnection: () => connectTls(tlsOptions(target, 'h2')),
    });
    session.on('error', (error) => {
      traffic.findings.add('broken-connection', `HTTP/2: ${String(error)}`);
    });
    for (let sent = 0; sent < streamsPerSession && goOn() && !session.destroyed; sent += 2) {
      const two = [random.pick(probes.inject), random.pick(probes.validate)];
      await Promise.all(two.map((probe) => judged(traffic, kind, probe, () => sendStream(session, probe))));
      await pause(rules[kind].pauseMs + traffic.pauseMs);
    }
    session.close();
  }
};

const streamsPerSession = 500;

/** Clients that go before they have an answer; the server must only survive them. */
const aborts: Loop = async (traffic, kind, random) => {
  while (traffic.goOn()) {
    const begin = performance.now();
    const probe = random.pick(random.next() < 0.9 ? traffic.probes.inject : traffic.probes.large);
    await random.pick(abortions)(traffic.target, probe, random);
    traffic.count(kind, performance.now() - begin);
    await pause(rules[kind].pauseMs + traffic.pauseMs);
  }
};

const abortions: readonly ((target: Target, probe: Probe, random: Random) => Promise<void>)[] = [
  // In the middle of the request.
  (target, { bytes }, random) => sendAndGo(target, bytes.subarray(0, Math.floor(random.next() * bytes.length)), random),
  // After the request, before the answer.
  (target, { bytes }, random) => sendAndGo(target, bytes, random),
  // In the handshake, or with what is none.
  async ({ host, port }, { body }, random) => {
    const socket = connectTcp(port, host);
    socket.on('error', () => undefined);
    if (random.next() < 0.5) socket.write(body.subarray(0, 1000));
    await pause(random.between(0, 5));
    socket.destroy();
  },
];

async function sendAndGo(target: Target, bytes: Buffer, random: Random): Promise<void> {
  const connection = await Connection.open(target).catch(() => undefined);
  if (connection === undefined) return;
  const end = connection.send(bytes).then(
    () => undefined,
    () => undefined,
  );
  await pause(random.between(0, 5));
  connection.close();
  await end;
}

/** All kinds of traffic. */
export const rules = {
  inject: { loops: 4, pauseMs: 0, run: keepAlive(({ inject }) => inject) },
  validate: { loops: 1, pauseMs: 1, run: keepAlive(({ validate }) => validate) },
  large: { loops: 1, pauseMs: 250, run: keepAlive(({ large }) => large) },
  malformed: { loops: 1, pauseMs: 10, run: keepAlive(({ malformed }) => malformed) },
  'new connections': { loops: 1, pauseMs: 20, run: newConnections },
  'HTTP/2': { loops: 1, pauseMs: 5, run: http2 },
  aborts: { loops: 1, pauseMs: 20, run: aborts },
} as const satisfies Readonly<Record<string, TrafficRule>>;

export type TrafficKind = keyof typeof rules;

/** Runs all traffic until the soak is over. */
export async function runTraffic(traffic: Traffic, newRandom: () => Random): Promise<void> {
  const kinds = Object.keys(rules) as TrafficKind[];
  await Promise.all(
    kinds.flatMap((kind) =>
      Array.from({ length: rules[kind].loops }, () => rules[kind].run(traffic, kind, newRandom())),
    ),
  );
}

/** Opens a connection and looks whether the certificate shown is one that may be. */
async function open({ target, certificates, findings }: Traffic): Promise<Connection | undefined> {
  const floor = certificates.sent(performance.now());
  try {
    const connection = await Connection.open(target, { keepBodies: true });
    const shown = connection.socket.getPeerX509Certificate()?.fingerprint256;
    const match = certificates.window(floor).find(({ state }) => state.fingerprint === shown);
    if (match === undefined) findings.add('wrong-certificate', String(shown));
    else certificates.seen(match.index);
    return connection;
  } catch (error) {
    findings.add('handshake-failed', String(error));
    await pause(100);
    return undefined;
  }
}

function ask(traffic: Traffic, kind: TrafficKind, probe: Probe, connection: Connection): Promise<void> {
  return judged(traffic, kind, probe, () => connection.send(probe.bytes));
}

/** Sends a probe and judges the answer. */
async function judged(traffic: Traffic, kind: TrafficKind, probe: Probe, send: () => Promise<Answer>): Promise<void> {
  const { configurations, findings, count } = traffic;
  const begin = performance.now();
  const floor = configurations.sent(begin);
  let answer: Answer;
  try {
    answer = await send();
  } catch (error) {
    findings.add('broken-connection', `${kind}, ${probe.name}: ${String(error)}`);
    return;
  }
  count(kind, performance.now() - begin);
  if (answer.status !== probe.status) {
    findings.add('wrong-status', `${kind}, ${probe.name}: ${answer.status} ${answer.body.toString()}`);
    return;
  }
  const states = configurations.window(floor);
  const match = states.find(({ state }) => isAnswer(probe, state, answer.body));
  if (match !== undefined) configurations.seen(match.index);
  else
    findings.add(
      ...explainMismatch(
        kind,
        probe,
        answer.body,
        states.map(({ state }) => state),
      ),
    );
}

/** An answer that is not known (`undefined`) can be any. */
function isAnswer({ answers }: Probe, configuration: number, body: Buffer): boolean {
  const expected = answers[configuration];
  return expected === undefined || expected.equals(body);
}

function explainMismatch(
  kind: TrafficKind,
  probe: Probe,
  body: Buffer,
  possible: readonly number[],
): ['stale-answer' | 'wrong-answer', string] {
  const from = probe.answers.flatMap((_, index) => (isAnswer(probe, index, body) ? [index] : []));
  const where = `${kind}, ${probe.name}`;
  const now = [...new Set(possible)].join(', ');
  if (from.length > 0) return ['stale-answer', `${where}: of configuration ${from.join(', ')}, not ${now}`];
  return [
    'wrong-answer',
    `${where}: not of configuration ${now}: ${firstDifference(probe.answers[possible[0] ?? 0], body)}`,
  ];
}

/** Where two answers part, with what the patches say there. */
function firstDifference(expected: Buffer | undefined, actual: Buffer): string {
  const patchOf = (text: string): string => {
    const patch = /"patch":"([^"]*)"/.exec(text)?.[1];
    return patch === undefined ? text : Buffer.from(patch, 'base64').toString();
  };
  const [a, b] = [patchOf(expected?.toString() ?? ''), patchOf(actual.toString())];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const excerpt = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return `expected ${excerpt(a)}, got ${excerpt(b)}`;
}

function sendStream(session: ClientHttp2Session, { path, body }: Probe): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    const chunks: Buffer[] = [];
    let status = 0;
    stream.on('response', (answer) => {
      status = Number(answer[':status']);
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      resolve({ status, body: Buffer.concat(chunks) });
    });
    stream.on('close', () => {
      reject(new Error('stream closed'));
    });
    stream.end(body);
  });
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
