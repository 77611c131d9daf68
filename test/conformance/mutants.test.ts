/**
 * Mistakes in templates and values: those that break a pod of the corpus are found before, and those that only change pods are let through.
 *
 * `OUTRIGGER_MUTANTS=2000` runs so many; the default is a sample. The seed is `OUTRIGGER_MUTANTS_SEED`.
 */
import { expect, it } from 'vitest';
import { ConfigurationError, type Configuration } from '../../src/configuration/index.ts';
import { OverlayCache } from '../../src/injection/index.ts';
import { mutate, mutantKinds, type MutantKind } from '../support/configuration-mutants.ts';
import { environmentNames, injectionCorpus, readEnvironment } from '../support/injection-corpus.ts';
import {
  compileIn,
  corpusPods,
  effectOf,
  errorsOf,
  outcomeOf,
  tryCompile,
  type Outcome,
} from '../support/mutant-study.ts';
import { randomFrom } from '../support/pod-mutations.ts';
import { describeShared } from '../support/shared.ts';

const wanted = Number(process.env['OUTRIGGER_MUTANTS'] ?? 24);
const seed = Number(process.env['OUTRIGGER_MUTANTS_SEED'] ?? 20261121);

/** Its templates fail on purpose. */
const broken = 'custom-broken';

interface Count {
  refused: number;
  found: number;
  missed: string[];
  changing: number;
  denied: string[];
}

describeShared('mutants of templates and values', injectionCorpus, () => {
  it('are found when they break pods, and let through when they only change them', { timeout: 14_400_000 }, () => {
    const pods = corpusPods();
    const names = environmentNames().filter((name) => name !== broken);
    const random = randomFrom(seed);
    const counts = new Map<MutantKind, Count>(
      mutantKinds.map((kind) => [kind, { refused: 0, found: 0, missed: [], changing: 0, denied: [] }]),
    );
    const baselines = new Map<string, { configuration: Configuration; outcomes: Outcome[] }>();
    for (let made = 0; made < wanted;) {
      const name = names[random(names.length)] ?? '';
      const environment = readEnvironment(name);
      const mutant = mutate(environment, random);
      if (mutant === undefined) continue;
      made += 1;
      const count = counts.get(mutant.kind);
      if (count === undefined) continue;
      const configuration = tryCompile(environment, mutant);
      if (configuration instanceof ConfigurationError) {
        count.refused += 1;
        continue;
      }
      let baseline = baselines.get(name);
      if (baseline === undefined) {
        const compiled = compileIn(environment, environment);
        const cache = new OverlayCache();
        baseline = { configuration: compiled, outcomes: pods.map((pod) => outcomeOf(compiled, pod, cache)) };
        baselines.set(name, baseline);
      }
      const { effect, pod, why } = effectOf(configuration, pods, baseline.outcomes);
      const [error] = errorsOf(configuration, baseline.configuration);
      const told = `${name}: ${mutant.what}`;
      if (effect === 'breaks' && error !== undefined) count.found += 1;
      else if (effect === 'breaks') count.missed.push(`${told}: ${pod ?? ''}: ${why ?? ''}`);
      else {
        count.changing += 1;
        if (error !== undefined) count.denied.push(`${told}: ${error.pod}: ${error.message}`);
      }
    }
    report([...counts]);
    const all = [...counts.values()];
    const missed = all.flatMap((count) => count.missed);
    const breaking = missed.length + all.reduce((sum, { found, refused }) => sum + found + refused, 0);
    expect(missed.length / breaking, missed.join('\n')).toBeLessThanOrEqual(0.01);
    // A pod of ours that breaks, though none of the corpus does, is no false alarm; it must be rare all the same.
    const denied = all.flatMap((count) => count.denied);
    expect(denied.length, denied.join('\n')).toBeLessThanOrEqual(Math.max(2, wanted * 0.03));
  });
});

function report(counts: readonly (readonly [MutantKind, Count])[]): void {
  const lines = counts.map(
    ([kind, { refused, found, missed, changing, denied }]) =>
      `${kind.padEnd(16)} refused ${refused}, breaking found ${found}, missed ${missed.length}, others ${changing}, denied ${denied.length}`,
  );
  process.stderr.write(`${lines.join('\n')}\n`);
  if (process.env['OUTRIGGER_MUTANTS'] === undefined) return;
  for (const [, { missed, denied }] of counts) {
    process.stderr.write(
      [...missed.map((one) => `missed ${one}\n`), ...denied.map((one) => `denied ${one}\n`)].join(''),
    );
  }
}
