import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetOf } from '../bench/connection.ts';
import type { Loads } from '../bench/loads.ts';
import { rssMb, startServer } from '../bench/processes.ts';
import { changeCertificates, changeConfigurations, type ChangeCounts } from './changes.ts';
import { makeCertificates } from './certificates.ts';
import { chooseConfigurations } from './configurations.ts';
import { Findings } from './findings.ts';
import { judgeMemory, type MemorySample, type MemoryTrend } from './memory.ts';
import { formatMinutes, Minutes, type Minute } from './minutes.ts';
import { checkFaults, makeProbes } from './probes.ts';
import { Random } from './random.ts';
import { watchLog, type LogCounts } from './server-log.ts';
import { Timeline } from './timeline.ts';
import { rules, runTraffic, type TrafficKind } from './traffic.ts';
import { Volume } from './volume.ts';

export interface SoakOptions {
  readonly seconds: number;
  /** The same seed gives the same configurations, pods and changes; the order of requests depends on the machine. */
  readonly seed: number;
  /** Number of configurations that are swapped. */
  readonly sets: number;
  /** Added after each request of each connection, in ms, to leave some of the machine to others. */
  readonly pauseMs: number;
  /** How long the server may take to notice a change: it collects changes and waits for files to be whole. */
  readonly graceMs: number;
  /** Progress. */
  readonly note: (text: string) => void;
}

/** What a soak found. */
export interface SoakReport {
  readonly seed: number;
  readonly seconds: number;
  readonly requests: Readonly<Record<TrafficKind, number>>;
  readonly probes: number;
  readonly configurations: ChangeCounts;
  readonly certificates: ChangeCounts;
  readonly log: LogCounts;
  readonly minutes: readonly Minute[];
  /** Absent when the soak was too short to say. */
  readonly memory?: MemoryTrend;
  readonly findings: ReturnType<Findings['report']>;
  readonly ok: boolean;
}

const certificateCount = 4;
const sampleEvery = 1000;

/** Runs a server under all traffic and changes at once for a while. */
export async function soak(loads: Loads, corpus: string, options: SoakOptions): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-soak-'));
  try {
    return await soakIn(folder, loads, corpus, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function soakIn(folder: string, loads: Loads, corpus: string, options: SoakOptions): Promise<SoakReport> {
  const { seconds, note } = options;
  const random = new Random(options.seed);
  const newRandom = (): Random => new Random(Math.floor(random.next() * 2 ** 32));
  const sets = chooseConfigurations(corpus, options.sets, random);
  const [firstSet] = sets;
  const certificates = await makeCertificates(folder, certificateCount);
  const [firstCertificate] = certificates;
  if (firstSet === undefined || firstCertificate === undefined) throw new Error('nothing to run with');
  await checkFaults(firstSet.files);
  const probes = await makeProbes(loads, corpus, sets, random);
  const probeCount = Object.values(probes).reduce((sum, list) => sum + list.length, 0);
  note(`${sets.length} configurations (${sets.map(({ name }) => name).join(', ')}), ${probeCount} requests`);

  const findings = new Findings();
  const configurationVolume = new Volume(join(folder, 'configuration'), { ...firstSet.files });
  const certificateVolume = new Volume(join(folder, 'certificate'), firstCertificate.files);
  const server = await startServer(flagsOf(configurationVolume, certificateVolume), 'pipe');
  if (server.stderr === null) throw new Error('the server has no log');
  const log = watchLog(server.stderr, findings);
  let stopping = false;
  void server.ended.then((end) => {
    if (!stopping) findings.add('server-ended', `in the middle: ${end}`);
  });

  const begin = performance.now();
  const elapsed = (): number => (performance.now() - begin) / 1000;
  const goOn = (): boolean => elapsed() < seconds;
  const requests = Object.fromEntries(Object.keys(rules).map((kind) => [kind, 0])) as Record<TrafficKind, number>;
  const counts = { configurations: { good: 0, bad: 0 }, certificates: { good: 0, bad: 0 } };
  const minutes = new Minutes();
  const samples: MemorySample[] = [];
  const endMinute = (): void => {
    note(formatMinutes([minutes.end(counts.configurations, counts.certificates, findings.total)]).split('\n')[1] ?? '');
  };
  const sampling = setInterval(() => {
    const sample = { seconds: elapsed(), rssMb: rssMb(server.pid) };
    samples.push(sample);
    minutes.memory(sample);
    if (sample.seconds >= 60 * (minutes.all.length + 1)) endMinute();
  }, sampleEvery);
  note(formatMinutes([]));

  const configurations = new Timeline(0, options.graceMs, begin);
  const certificateTimeline = new Timeline(firstCertificate, options.graceMs, begin);
  const traffic = {
    target: targetOf(
      server.https,
      certificates.map(({ ca }) => ca),
    ),
    probes,
    configurations,
    certificates: certificateTimeline,
    findings,
    goOn,
    pauseMs: options.pauseMs,
    count: (kind: TrafficKind, latencyMs: number): void => {
      requests[kind] += 1;
      minutes.request(latencyMs);
    },
  };
  await Promise.all([
    runTraffic(traffic, newRandom),
    changeConfigurations(
      {
        goOn,
        timeline: configurations,
        volume: configurationVolume,
        random: newRandom(),
        counts: counts.configurations,
      },
      sets,
      server.monitoring ?? '',
      findings,
    ),
    changeCertificates(
      {
        goOn,
        timeline: certificateTimeline,
        volume: certificateVolume,
        random: newRandom(),
        counts: counts.certificates,
      },
      certificates,
    ),
  ]);
  clearInterval(sampling);
  if (minutes.isUnderWay) endMinute();
  stopping = true;
  await server.stop();
  const end = await server.ended;
  if (end !== 'code 0') findings.add('server-ended', `after SIGTERM: ${end}`);
  const memory = judgeMemory(samples);
  if (memory?.grew === true) findings.add('memory-grew', JSON.stringify(memory));
  return {
    seed: options.seed,
    seconds: elapsed(),
    requests,
    probes: probeCount,
    ...counts,
    log,
    minutes: minutes.all,
    memory,
    findings: findings.report(),
    ok: findings.total === 0,
  };
}

function flagsOf(configuration: Volume, certificate: Volume): string[] {
  return [
    ['--inject-config', configuration.path('config.yaml')],
    ['--inject-values', configuration.path('values.yaml')],
    ['--mesh-config', configuration.path('mesh.yaml')],
    ['--objects', configuration.path('objects.yaml')],
    ['--tls-cert-file', certificate.path('tls.crt')],
    ['--tls-private-key-file', certificate.path('tls.key')],
  ].flat();
}
