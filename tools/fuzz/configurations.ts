/**
 * Changed templates, values and mesh configurations, given to a running server as files: what it can use it takes, what it cannot use
 * it refuses, and goes on with the last good ones; either way it answers as the core does.
 */
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../src/configuration/index.ts';
import type { Injector } from '../../src/injection/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { Connection, requestBytes, targetOf } from '../bench/connection.ts';
import { Random } from '../soak/random.ts';
import { answerOf, compileFiles, flagsOf, type ConfigurationFiles } from './core.ts';
import type { Findings } from './findings.ts';
import { canonicalInputs, type Input, type Origin } from './inputs.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { startFuzzed, type FuzzedServer } from './server.ts';

/** What was tried. */
export interface ConfigurationCounts {
  taken: number;
  refused: number;
  answers: number;
}

/** How long the server may take to look at a changed file, in ms. */
const patience = 20_000;

/** Pods that are sent with each configuration. */
const podsEach = 12;

/** Compiles files, or says why they cannot be used. Throws what is no `ConfigurationError`. */
export function tryCompile(files: ConfigurationFiles): Injector | undefined {
  try {
    return compileFiles(files);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

export async function fuzzConfigurations(
  files: ConfigurationFiles,
  origins: readonly Origin[],
  {
    seed,
    count,
    findings,
    fromSource = false,
  }: { seed: number; count: number; findings: Findings; fromSource?: boolean },
): Promise<ConfigurationCounts> {
  const counts: ConfigurationCounts = { taken: 0, refused: 0, answers: 0 };
  if (count === 0) return counts;
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-fuzz-'));
  const good = copyInto(folder, files);
  const texts = Object.entries(good).map(
    ([name, file]) => [name as keyof ConfigurationFiles, readFileSync(file)] as const,
  );
  let injector = compileFiles(good);
  const server = await startFuzzed(flagsOf(good), fromSource);
  const connection = await Connection.open(targetOf(server.https), { keepBodies: true });
  const inputs = canonicalInputs(origins);
  try {
    for (let index = 0; index < count && !server.hasEnded() && findings.count < 100; index += 1) {
      const random = new Random(Math.imul(seed, 31) + index);
      const [name, text] = random.pick(texts);
      const changed = mutateBytes(
        text,
        random,
        texts.map(([, other]) => other),
      );
      const file = good[name];
      const verdict = nextVerdict(server);
      exchange(file, changed);
      const candidate = tryCompile(good);
      const isTaken = await verdict;
      const problem = { target: name, body: changed };
      if (isTaken === undefined) {
        // Comments may change without a new verdict: the server looks at texts, and has seen these.
        if (!changed.equals(text)) findings.add('no word about a changed file', problem);
      } else if (isTaken !== (candidate !== undefined)) {
        findings.add(`the server ${isTaken ? 'took' : 'refused'} what the core did not`, problem);
      }
      if (candidate !== undefined) injector = candidate;
      counts[candidate === undefined ? 'refused' : 'taken'] += 1;
      for (let pod = 0; pod < podsEach; pod += 1) {
        counts.answers += 1;
        await tryPod(connection, injector, random.pick(inputs), problem, findings);
      }
      const back = nextVerdict(server);
      exchange(file, text);
      await back;
      injector = compileFiles(good);
    }
  } finally {
    connection.close();
    const ended = await server.stop();
    if (ended !== 'code 0') findings.add(`the server ended with ${ended} while its configuration was changed`);
    for (const complaint of server.complaints) findings.add(`in the log: ${complaint}`);
    rmSync(folder, { recursive: true, force: true });
  }
  return counts;
}

async function tryPod(
  connection: Connection,
  injector: Injector,
  input: Input,
  configuration: Pick<Input, 'target' | 'body'>,
  findings: Findings,
): Promise<void> {
  const answer = await connection.send(requestBytes(input.target, input.body));
  const expected = answerOf(injector, input);
  if (answer.status === 200 && answer.body.equals(expected)) return;
  // Templates may ask for the time or for chance.
  if (!answerOf(injector, input).equals(expected)) return;
  findings.add(
    `not the core's answer with a changed configuration: ${answer.body.toString().slice(0, 300)}`,
    configuration,
  );
}

/** Whether the server takes the next state of its files; nothing when it says nothing. */
function nextVerdict(server: FuzzedServer): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const settle = (verdict?: boolean): void => {
      clearTimeout(timer);
      server.listeners.delete(read);
      resolve(verdict);
    };
    const timer = setTimeout(settle, patience);
    const read = (line: string): void => {
      if (line.includes('configuration change refused')) settle(false);
      else if (line.includes('configuration loaded') || line.includes('are again those in use')) settle(true);
    };
    server.listeners.add(read);
  });
}

/** Exchanges a file at once, so that nobody reads half of it. */
function exchange(file: string, text: Buffer): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function copyInto(folder: string, files: ConfigurationFiles): Required<ConfigurationFiles> {
  const copies = {
    injectConfig: join(folder, 'config.yaml'),
    injectValues: join(folder, 'values.yaml'),
    meshConfig: join(folder, 'mesh.yaml'),
  };
  const builtIn = { injectConfig: builtInConfig, injectValues: builtInValues, meshConfig: builtInMesh };
  for (const name of ['injectConfig', 'injectValues', 'meshConfig'] as const) {
    const given = files[name];
    if (given === undefined) writeFileSync(copies[name], builtIn[name]().text);
    else copyFileSync(given, copies[name]);
  }
  return copies;
}
