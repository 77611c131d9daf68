/** Pods as environments of the corpus inject them, with what a cluster adds, held to the answers of Istio in other environments. */
import { expect, it } from 'vitest';
import { auditPod, type PodVerdict } from '../../src/audit/index.ts';
import { isInjected, sideOf, type Side } from '../../src/comparison/index.ts';
import { decodePod, type Pod, type PodTemplateSpec } from '../../src/kubernetes/index.ts';
import { corpusPods, differingPaths, podAfter, type CorpusPod } from '../support/corpus-pods.ts';
import { injectionCorpus, injectorOf } from '../support/injection-corpus.ts';
import { livePod } from '../support/live-pods.ts';
import { describeShared } from '../support/shared.ts';

/** With AUDIT_FULL=1 every ordered pair of environments of every pod, else a part of them; a pod and its own environment always. */
const partOfPairs = process.env['AUDIT_FULL'] === '1' ? 1 : 6;

const sides = new Map<string, Side>();

function side(environment: string, path: string): Side {
  const key = `${environment} ${path}`;
  let known = sides.get(key);
  if (known === undefined) {
    known = sideOf(injectorOf(environment).configuration, { path, isSent: true });
    sides.set(key, known);
  }
  return known;
}

interface Pair {
  readonly pod: CorpusPod;
  readonly from: string;
  readonly to: string;
}

/** The pod in a cluster with the first environment; `undefined` where it was refused. */
function liveOf({ pod, from }: Pair): { readonly live: Pod; readonly object: unknown } | undefined {
  const answer = pod.answers.get(from);
  const after = answer && podAfter(pod, answer);
  if (after === undefined) return undefined;
  const object = livePod(after, pod.pod.metadata.namespace);
  return { live: decodePod(object), object };
}

function expectedVerdict({ pod, to }: Pair, live: Pod, object: unknown): PodVerdict {
  const answer = pod.answers.get(to);
  if (!isInjected(live)) return answer?.injected === true ? 'missing' : 'outside';
  if (answer?.allowed !== true) return 'refused';
  if (answer.injected !== true) return 'superfluous';
  const today = livePod(podAfter(pod, answer), pod.pod.metadata.namespace);
  return differingPaths(object, today).some(counts) ? 'stale' : 'current';
}

/** The order of volumes says nothing. */
const counts = (path: string): boolean => !path.endsWith('"#order"]') || path.includes('ontainers"');

/** What no API server lets in: pods without any name, volumes with two sources or of the same name. */
function isPossible({ pod: { metadata, spec }, answers }: CorpusPod): boolean {
  const volumes = [...answers.values()].flatMap(
    ({ pod }) => (pod as Pod | undefined)?.spec.volumes ?? spec.volumes ?? [],
  );
  const unique = [...answers.values()].every(({ pod }) => {
    const names = ((pod as Pod | undefined)?.spec.volumes ?? []).map(({ name }) => name);
    return new Set(names).size === names.length;
  });
  const named = (metadata.name ?? '') !== '' || (metadata.generateName ?? '') !== '';
  return named && unique && volumes.every((volume) => Object.keys(volume).length <= 2);
}

/** The record of an earlier injection, or a node, that a pod was sent with cannot be told from those that it got. */
const isTelling = ({ pod: { metadata, spec } }: CorpusPod): boolean =>
  spec['nodeName'] === undefined &&
  !['sidecar.istio.io/status', 'proxy.istio.io/overrides'].some((key) =>
    Object.hasOwn(metadata.annotations ?? {}, key),
  );

function byTarget(pairs: readonly Pair[]): Map<string, Pair[]> {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) groups.set(pair.to, [...(groups.get(pair.to) ?? []), pair]);
  return groups;
}

describeShared('audit of live pods', `${injectionCorpus}/environments`, () => {
  const pods = corpusPods().filter(isPossible);
  const pairs = pods.flatMap((pod) =>
    [...pod.answers.keys()].flatMap((from) => [...pod.answers.keys()].map((to): Pair => ({ pod, from, to }))),
  );
  const chosen = pairs.filter(({ from, to }, index) => from === to || index % partOfPairs === 0);
  const byEnvironment = byTarget(chosen);

  it.each([...byEnvironment])('in %s finds the pods that Istio would make otherwise, and no others', (_to, list) => {
    for (const pair of list) {
      const found = liveOf(pair);
      if (found === undefined) continue;
      const { pod, from, to } = pair;
      const template: PodTemplateSpec = { metadata: pod.pod.metadata, spec: pod.pod.spec };
      const { verdict, changes } = auditPod(found.live, side(to, pod.path), template);
      const expected = expectedVerdict(pair, found.live, found.object);
      expect([verdict, expected === 'current' ? changes : []], `${pod.id}: ${from} → ${to}`).toEqual([expected, []]);
    }
  });

  it('without the templates of owners tells nearly the same', () => {
    const wrong: string[] = [];
    const asked = chosen.filter(({ pod }, index) => isTelling(pod) && (partOfPairs === 1 || index % 3 === 0));
    for (const pair of asked) {
      const found = liveOf(pair);
      if (found === undefined) continue;
      const { verdict } = auditPod(found.live, side(pair.to, pair.pod.path));
      const expected = expectedVerdict(pair, found.live, found.object);
      if (verdict !== expected) wrong.push(`${pair.pod.id}: ${pair.from} → ${pair.to}: ${expected}, not ${verdict}`);
    }
    expect(wrong.length / asked.length, wrong.join('\n')).toBeLessThan(0.01);
  }, 600_000);
});
