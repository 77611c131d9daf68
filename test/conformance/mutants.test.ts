/**
 * Mistakes in templates and values: those that break a pod of the corpus are found before, and those that break none are let through.
 *
 * `OUTRIGGER_MUTANTS=2000` (`npm run test:mutants`) makes so many; the default is a sample. The seed is `OUTRIGGER_MUTANTS_SEED`.
 */
import { expect, it } from 'vitest';
import { mutantKinds, mutate, type Mutant } from '../support/configuration-mutants.ts';
import { environmentNames, injectionCorpus, readEnvironment } from '../support/injection-corpus.ts';
import { corpusPods, StudiedEnvironment, type Verdict } from '../support/mutant-study.ts';
import { randomFrom } from '../support/pod-mutations.ts';
import { describeShared } from '../support/shared.ts';

const wanted = Number(process.env['OUTRIGGER_MUTANTS'] ?? 24);
const seed = Number(process.env['OUTRIGGER_MUTANTS_SEED'] ?? 20261121);

/** Its templates fail on purpose. */
const broken = 'custom-broken';

interface Judged {
  readonly environment: string;
  readonly mutant: Pick<Mutant, 'kind' | 'what'>;
  readonly verdict: Verdict;
}

describeShared('mutants of templates and values', injectionCorpus, () => {
  it('are found when they break pods, and let through when they do not', { timeout: 14_400_000 }, () => {
    const judged = judgeMutants();
    report(judged);
    const count = (...kinds: readonly Verdict['kind'][]): number =>
      judged.filter(({ verdict }) => kinds.includes(verdict.kind)).length;
    expect(told(judged, 'false-alarm')).toEqual([]);
    const missed = told(judged, 'missed');
    expect(missed.length / count('refused', 'found', 'missed'), missed.join('\n')).toBeLessThanOrEqual(0.01);
    // The sample shows something of each.
    expect(count('found')).toBeGreaterThan(0);
    expect(count('let-through')).toBeGreaterThan(0);
  });
});

/** All mutants of one environment are judged together: what is known of it takes long to find, and much room. */
function judgeMutants(): Judged[] {
  const pods = corpusPods();
  const judged: Judged[] = [];
  for (const [name, mutants] of makeMutants()) {
    const studied = new StudiedEnvironment(name, pods);
    for (const mutant of mutants) {
      const { kind, what } = mutant;
      judged.push({ environment: name, mutant: { kind, what }, verdict: studied.judge(mutant) });
    }
  }
  return judged;
}

/** Most of the work for few mutants is to get to know their environment. */
const mutantsForEnvironment = 4;

/** As many as wanted, by environment. */
function makeMutants(): Map<string, Mutant[]> {
  const random = randomFrom(seed);
  const names = environmentNames().filter((name) => name !== broken);
  while (names.length > Math.max(1, wanted / mutantsForEnvironment)) names.splice(random(names.length), 1);
  const environments = new Map(names.map((name) => [name, readEnvironment(name)]));
  const mutants = new Map<string, Mutant[]>();
  for (let made = 0; made < wanted;) {
    const name = names[random(names.length)] ?? '';
    const environment = environments.get(name);
    const mutant = environment && mutate(environment, random);
    if (mutant === undefined) continue;
    mutants.set(name, [...(mutants.get(name) ?? []), mutant]);
    made += 1;
  }
  return mutants;
}

/** What is to be said of the mutants with a verdict. */
function told(judged: readonly Judged[], kind: Verdict['kind']): string[] {
  return judged
    .filter(({ verdict }) => verdict.kind === kind)
    .map(({ environment, mutant, verdict }) => {
      const why = 'why' in verdict ? `: ${verdict.why}` : '';
      return `${environment}: ${mutant.kind} ${mutant.what}${why}`;
    });
}

const verdicts = ['refused', 'found', 'missed', 'found-otherwise', 'false-alarm', 'let-through'] as const;

function report(judged: readonly Judged[]): void {
  const lines = mutantKinds.map((kind) => {
    const ofKind = judged.filter(({ mutant }) => mutant.kind === kind);
    const counts = verdicts.map((one) => `${one} ${ofKind.filter(({ verdict }) => verdict.kind === one).length}`);
    return `${kind.padEnd(16)} ${counts.join(', ')}`;
  });
  process.stderr.write(`${lines.join('\n')}\n`);
  if (process.env['OUTRIGGER_MUTANTS'] === undefined) return;
  for (const kind of ['missed', 'false-alarm', 'found-otherwise'] as const) {
    for (const one of told(judged, kind)) process.stderr.write(`${kind} ${one}\n`);
  }
}
