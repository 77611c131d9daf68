/** The corpora answered by a worker thread: byte by byte as in the event loop. */
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInjector, type Injector } from '../../src/injection/index.ts';
import { Isolation } from '../../src/server/isolation/isolation.ts';
import { createTasks, type TaskName } from '../../src/server/isolation/tasks.ts';
import { templateContext } from '../../src/server/template-context.ts';
import {
  caseGroups,
  clusterObjectsOf,
  injectionCorpus,
  readCases,
  readEnvironment,
} from '../support/injection-corpus.ts';
import { describeShared } from '../support/shared.ts';
import {
  caseFiles,
  readCases as readValidationCases,
  reviewOf,
  validationCorpus,
} from '../support/validation-corpus.ts';

const injectors = new Map<string, Injector>();

/** The injector of an environment with the surroundings that a server gives it. */
function servedInjector(name: string): Injector {
  let injector = injectors.get(name);
  if (injector === undefined) {
    const environment = readEnvironment(name);
    const { revision, clusterID, features } = environment.settings;
    const objects = clusterObjectsOf(environment);
    const context = templateContext({});
    injector = createInjector({ ...environment, objects, revision, clusterId: clusterID, features, context });
    injectors.set(name, injector);
  }
  return injector;
}

const here = createTasks();
let injector: Injector;
let isolation: Isolation;

async function expectSame(task: TaskName, body: string, path: string): Promise<void> {
  const expected = here[task]({ injector, generation: 7 }, body, path);
  const { text, outcome } = await isolation.process(task, { body: Buffer.from(body), path });
  expect(Buffer.from(text as Uint8Array).toString()).toBe(expected.text);
  expect(outcome).toEqual(expected.outcome);
}

const startWorkers = (): void => {
  isolation = new Isolation({
    snapshot: () => ({ injector, generation: 7 }),
    registry: new Registry(),
    log: { warn: () => undefined },
    limits: { longestInlineBody: 0, workers: 1 },
  });
};

describeShared('a worker thread answers pods as the event loop does', injectionCorpus, () => {
  beforeAll(startWorkers);
  afterAll(() => isolation.close());

  it.each(caseGroups())('%s', async (group) => {
    // In the order of their environments: a worker has one configuration at a time.
    const cases = readCases(group).filter(({ review }) => review !== undefined);
    for (const { environment, path, review } of cases.sort((a, b) => a.environment.localeCompare(b.environment))) {
      injector = servedInjector(environment);
      await expectSame('inject', JSON.stringify(review), path);
    }
  });
});

describeShared('a worker thread answers configuration as the event loop does', validationCorpus, () => {
  beforeAll(() => {
    injector = createInjector({ config: 'policy: enabled', values: '{}' });
    startWorkers();
  });
  afterAll(() => isolation.close());

  it.each(caseFiles)('%s', async (file) => {
    for (const one of readValidationCases(file))
      await expectSame('validate', JSON.stringify(reviewOf(one)), '/validate');
  });
});
