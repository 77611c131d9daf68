/** What we say of pods against what a real API server says: valid ones, and hundreds with a mistake or two. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canaryPods, tryPod } from '../../src/canary/index.ts';
import { ApiClient, ApiError, type KubernetesObject } from '../../src/cluster/client.ts';
import { loadCredentials } from '../../src/cluster/credentials.ts';
import { createInjector } from '../../src/injection/index.ts';
import { findPodErrors } from '../../src/kubernetes/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { mutatePod, randomFrom } from '../support/pod-mutations.ts';
import { startControlPlane, type ControlPlane } from './support/control-plane.ts';

const count = Number(process.env['OUTRIGGER_POD_MUTANTS'] ?? 600);
const seed = Number(process.env['OUTRIGGER_POD_MUTANTS_SEED'] ?? 7);
const namespace = 'outrigger-canary';
const pods = { group: '', version: 'v1', resource: 'pods', namespace };

/** What depends on other objects of the cluster: we do not look at it. */
const ofOtherObjects =
  /PriorityClass|priority class|service account|serviceaccount|RuntimeClass|spec\.priority|namespace of the provided/i;

let cluster: ControlPlane;
let client: ApiClient;

/** Why the API server refuses a pod; undefined when it takes it. */
async function refusalOf(pod: object): Promise<string | undefined> {
  try {
    await client.create(pods, { apiVersion: 'v1', kind: 'Pod', ...pod } as unknown as KubernetesObject, {
      dryRun: true,
    });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

beforeAll(async () => {
  cluster = await startControlPlane();
  await cluster.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'important' }, value: 1 },
  );
  client = new ApiClient(await loadCredentials(cluster.kubeconfig, {}));
  for (const name of ['default', 'web']) {
    await cluster.kubectl('create', 'serviceaccount', name, '-n', namespace);
  }
  await cluster.waitForServiceAccount(namespace);
});
afterAll(async () => {
  client.close();
  await cluster.stop();
});

const { configuration } = createInjector({
  config: builtInConfig().text,
  values: builtInValues().text,
  mesh: builtInMesh().text,
});

/** Canary pods as sent, all valid, and some as injected. */
const sentPods: object[] = [];
const injectedPods: object[] = [];
/** Pods that only some templates make valid, as they are sent and as these leave them. */
const relyingPods: object[] = [];
for (const [index, canary] of [...canaryPods(configuration, { asksFor: '', isUsable: true })].entries()) {
  const isValid = canary.reliesOnTemplates !== true;
  (isValid ? sentPods : relyingPods).push(canary.pod);
  const { injected } = index % 6 === 0 || !isValid ? tryPod(configuration, canary, { again: false }) : {};
  if (injected !== undefined) (isValid ? injectedPods : relyingPods).push(injected);
}
const bases = [...sentPods, ...injectedPods];

describe('pod validity', () => {
  it('is that of the API server for canary pods, before and after injection', { timeout: 300_000 }, async () => {
    for (const pod of sentPods) {
      expect(await refusalOf(pod)).toBeUndefined();
      expect(findPodErrors(pod)).toEqual([]);
    }
    // A pod's own limits may lie below the proxy's requests: then the API server refuses what injection made of it.
    let refused = 0;
    for (const pod of injectedPods) {
      const refusal = await refusalOf(pod);
      const [error] = findPodErrors(pod);
      if (refusal === undefined) expect(error).toBeUndefined();
      else expect(refusal).toContain(error?.message ?? 'an error which we did not find');
      if (refusal !== undefined) refused += 1;
    }
    expect(refused).toBeLessThan(injectedPods.length / 4);
  });

  it('is that of the API server for pods that templates are to mend', { timeout: 300_000 }, async () => {
    for (const pod of relyingPods) {
      const refusal = await refusalOf(pod);
      const [error] = findPodErrors(pod);
      // Messages of the API server have values and examples that ours have not, and admission plugins come first.
      expect(refusal === undefined, refusal).toBe(error === undefined);
      if (refusal?.includes(' is invalid: ') === true) expect(refusal).toContain(`${error?.path ?? ''}: `);
    }
  });

  it(`is that of the API server for ${count} pods with mistakes`, { timeout: 900_000 }, async () => {
    const random = randomFrom(seed);
    const wrong: string[] = [];
    let refused = 0;
    for (let made = 0; made < count; made++) {
      const pod = mutatePod(bases[random(bases.length)] ?? {}, random);
      const refusal = await refusalOf(pod);
      if (refusal !== undefined && ofOtherObjects.test(refusal)) continue;
      const [error] = findPodErrors(pod);
      if (refusal !== undefined) refused += 1;
      if ((refusal === undefined) === (error === undefined)) continue;
      wrong.push(
        refusal === undefined ? `${error?.path ?? ''}: ${error?.message ?? ''}: is fine` : `missed: ${refusal}`,
      );
    }
    process.stderr.write(`${count} pods with mistakes, ${refused} refused, ${wrong.length} judged otherwise\n`);
    expect(refused).toBeGreaterThan(count / 3);
    // Rules of resources for the pod as a whole are not complete.
    expect(wrong.length / count, wrong.join('\n')).toBeLessThanOrEqual(0.005);
  });
});
