/** What is changed under the server's feet: its configuration and its certificate. */
import type { CertificateSet } from './certificates.ts';
import { certificateFaults } from './certificates.ts';
import { faults, type ConfigurationSet } from './configurations.ts';
import type { Findings } from './findings.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import { pause } from './traffic.ts';
import type { Volume } from './volume.ts';

/** The part of changes that are bad and must be refused. */
const badShare = 0.25;
/** The part of changes that are followed by the next one before the server can have noticed. */
const hastyShare = 0.3;
const hasty = 300;
/** Longest wait after the grace, in ms. */
const leisure = 2000;

/** How many changes were made. */
export interface ChangeCounts {
  good: number;
  bad: number;
}

interface Changes<State> {
  readonly timeline: Timeline<State>;
  readonly volume: Volume;
  readonly random: Random;
  readonly goOn: () => boolean;
  readonly counts: ChangeCounts;
}

async function makeChanges<State>(
  { timeline, volume, random, goOn, counts }: Changes<State>,
  next: (bad: boolean) => { state: State | undefined; files: Readonly<Record<string, string>> },
  check: () => Promise<void>,
): Promise<void> {
  while (goOn()) {
    const bad = random.next() < badShare;
    const { state, files } = next(bad);
    timeline.change(state, performance.now());
    volume.replace(files);
    counts[bad ? 'bad' : 'good'] += 1;
    if (random.next() < hastyShare) await pause(random.between(0, hasty));
    else {
      await wait(timeline.grace + 50, goOn);
      if (goOn()) await check();
      await wait(random.between(0, leisure), goOn);
    }
  }
}

/** Waits, but not longer than the soak takes. */
async function wait(ms: number, goOn: () => boolean): Promise<void> {
  const end = performance.now() + ms;
  for (let left = ms; left > 0 && goOn(); left = end - performance.now()) await pause(Math.min(50, left));
}

/** Changes the configuration until the soak is over, and looks whether the server says what it thinks of it. */
export function changeConfigurations(
  changes: Changes<number>,
  sets: readonly ConfigurationSet[],
  monitoring: string,
  findings: Findings,
): Promise<void> {
  const { random, timeline } = changes;
  const numbers = sets.map((_, index) => index);
  const next = (bad: boolean) => {
    const state = random.pick(numbers);
    const files = sets[state]?.files;
    if (files === undefined) throw new Error('no configurations');
    const fault = faults[random.pick(Object.keys(faults))];
    return bad && fault !== undefined ? { state: undefined, files: fault(files) } : { state, files: { ...files } };
  };
  return makeChanges(changes, next, async () => {
    const settled = timeline.settled(performance.now());
    const said = await readReadiness(monitoring, findings);
    if (settled === undefined || said === undefined) return;
    if (settled.refused && !said.includes('change refused')) findings.add('not-refused', said);
    if (!settled.refused && said.includes('change refused')) findings.add('not-taken', said);
  });
}

async function readReadiness(monitoring: string, findings: Findings): Promise<string | undefined> {
  try {
    const ready = await fetch(`${monitoring}/readyz?verbose`);
    const metrics = await fetch(`${monitoring}/metrics`);
    await metrics.text();
    const text = await ready.text();
    if (ready.status === 200 && metrics.status === 200) return text;
    findings.add('monitoring-failed', `${ready.status} ${metrics.status}`);
  } catch (error) {
    findings.add('monitoring-failed', String(error));
  }
  return undefined;
}

/** Changes the certificate until the soak is over. */
export function changeCertificates(
  changes: Changes<CertificateSet>,
  certificates: readonly CertificateSet[],
): Promise<void> {
  const { random } = changes;
  const next = (bad: boolean) => {
    const [one, other] = random.sample(certificates, 2);
    if (one === undefined || other === undefined) throw new Error('too few certificates');
    const fault = certificateFaults[random.pick(Object.keys(certificateFaults))];
    return bad && fault !== undefined
      ? { state: undefined, files: fault(one, other) }
      : { state: one, files: one.files };
  };
  return makeChanges(changes, next, () => Promise.resolve());
}
