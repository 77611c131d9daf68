/** The requests of the soak, and what each configuration answers to them: computed by the core, in this process. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { createInjector } from '../../src/injection/index.ts';
import type { answerReview } from '../../src/validation/index.ts';
import { requestBytes } from '../bench/connection.ts';
import { loadLibrary } from '../bench/in-process.ts';
import type { Loads } from '../bench/loads.ts';
import { distinctPod, podOfBytes, podWithVariables } from '../bench/pods.ts';
import { RequestStream } from '../bench/stream.ts';
import { faults, type ConfigurationFiles, type ConfigurationSet } from './configurations.ts';
import type { Random } from './random.ts';

/** A request whose answer is known. */
export interface Probe {
  readonly name: string;
  readonly path: string;
  readonly body: Buffer;
  /** Ready to be sent over HTTP/1.1. */
  readonly bytes: Buffer;
  readonly status: number;
  /** The answer of each configuration, by its number; `undefined` where it depends on clock or chance. */
  readonly answers: readonly (Buffer | undefined)[];
}

/** The probes by their kind. */
export interface Probes {
  readonly inject: readonly Probe[];
  readonly large: readonly Probe[];
  readonly validate: readonly Probe[];
  readonly malformed: readonly Probe[];
}

interface PodRequest {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const mebibyte = 1024 * 1024;
/** Pods taken of each environment, beside the load of the benchmark. */
const podsPerEnvironment = 6;
/** Pods that nobody else has. */
const distinctPods = 20;

/** Computes all answers. */
export async function makeProbes(
  loads: Loads,
  corpus: string,
  sets: readonly ConfigurationSet[],
  random: Random,
): Promise<Probes> {
  const library = await loadLibrary<{ createInjector: typeof createInjector }>('injection');
  const { answerReview: validate } = await loadLibrary<{ answerReview: typeof answerReview }>('validation');
  const injectors = sets.map(({ files }) => ({
    first: library.createInjector(optionsOf(files, 0)),
    second: library.createInjector(optionsOf(files, 1)),
  }));
  const inject = ({ name, path, text }: PodRequest): Probe =>
    toProbe(
      { name, path, text },
      injectors.map(({ first, second }) => {
        const answer = first.answer(text, path).text;
        return answer === second.answer(text, path).text ? answer : undefined;
      }),
    );
  const always = (request: PodRequest, answer: string): Probe =>
    toProbe(
      request,
      sets.map(() => answer),
    );
  return {
    inject: podRequests(loads, corpus, sets, random).map(inject),
    large: largeRequests(loads).map(inject),
    validate: loads.validate.map((text, index) =>
      always({ name: `validation ${index}`, path: '/validate', text }, validate(text).text),
    ),
    malformed: [...malformedReviews.map(inject), ...refusedRequests(sets.length)],
  };
}

/** Fails for a fault that the core takes; a missing file is the server's matter. */
export async function checkFaults(files: ConfigurationFiles): Promise<void> {
  const library = await loadLibrary<{ createInjector: typeof createInjector }>('injection');
  for (const [name, damage] of Object.entries(faults)) {
    const damaged = damage(files);
    if (Object.keys(damaged).length < Object.keys(files).length) continue;
    let refused = false;
    try {
      library.createInjector(optionsOf(damaged as unknown as ConfigurationFiles, 0));
    } catch {
      refused = true;
    }
    if (!refused) throw new Error(`a configuration where ${name} was not refused`);
  }
}

/** @param chance what clock and chance give, to find answers that depend on them */
function optionsOf(files: ConfigurationFiles, chance: number): Parameters<typeof createInjector>[0] {
  return {
    config: files['config.yaml'],
    values: files['values.yaml'],
    mesh: files['mesh.yaml'],
    objects: [files['objects.yaml']],
    context: { now: () => BigInt(chance) * 10n ** 18n, random: (count) => Buffer.alloc(count, chance + 1) },
  };
}

function toProbe({ name, path, text }: PodRequest, answers: readonly (string | undefined)[]): Probe {
  const body = Buffer.from(text);
  const bytes = requestBytes(path, body);
  // Most configurations answer alike what is no injection: one copy is enough.
  const known = new Map<string, Buffer>();
  const bufferOf = (answer: string): Buffer => {
    const buffer = known.get(answer) ?? Buffer.from(answer);
    known.set(answer, buffer);
    return buffer;
  };
  return {
    name,
    path,
    body,
    bytes,
    status: 200,
    answers: answers.map((answer) => (answer === undefined ? undefined : bufferOf(answer))),
  };
}

function podRequests(
  { inject }: Loads,
  corpus: string,
  sets: readonly ConfigurationSet[],
  random: Random,
): PodRequest[] {
  const usual = inject.map((text, index) => ({ name: `load ${index}`, path: '/inject', text }));
  const distinct = new RequestStream(
    inject.map((text) => ({ path: '/inject', text: distinctPod(text) })),
    Math.floor(random.between(0, 10 ** 6)),
  );
  const others = Array.from({ length: distinctPods }, (_, index) => ({
    name: `distinct ${index}`,
    path: '/inject',
    text: distinct.nextBody().body.toString(),
  }));
  const names = new Set(sets.map(({ name }) => name));
  return [...usual, ...others, ...environmentPods(corpus, names, random)];
}

interface Case {
  readonly id: string;
  readonly environment: string;
  readonly path?: string;
  readonly review?: unknown;
}

/** Some of the corpus' pods for the environments in use. */
function environmentPods(corpus: string, environments: ReadonlySet<string>, random: Random): PodRequest[] {
  const folder = join(corpus, 'cases');
  if (!existsSync(folder)) return [];
  const byEnvironment = new Map<string, PodRequest[]>();
  for (const group of readdirSync(folder)) {
    for (const file of readdirSync(join(folder, group))) {
      const { id, environment, path, review } = JSON.parse(readFileSync(join(folder, group, file), 'utf8')) as Case;
      // Paths that the server unescapes are left to the tests of the server.
      if (!environments.has(environment) || path === undefined || /[%?]/.test(path)) continue;
      const pods = byEnvironment.get(environment) ?? [];
      pods.push({ name: id, path, text: JSON.stringify(review) });
      byEnvironment.set(environment, pods);
    }
  }
  return [...byEnvironment.values()].flatMap((pods) => random.sample(pods, podsPerEnvironment));
}

function largeRequests({ inject }: Loads): PodRequest[] {
  const [text = ''] = inject;
  return [
    { name: '2,000 variables', path: '/inject', text: podWithVariables(text, 2000) },
    { name: '10,000 variables', path: '/inject', text: podWithVariables(text, 10_000) },
    { name: '1 MiB', path: '/inject', text: podOfBytes(text, mebibyte) },
    { name: '5 MiB', path: '/inject', text: podOfBytes(text, 5 * mebibyte) },
  ];
}

/** Bodies that are answered with an AdmissionReview, whatever they are. */
const malformedReviews: readonly PodRequest[] = [
  ['no JSON', '{"kind": '],
  ['a list', '[]'],
  ['no request', '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}'],
  ['null', 'null'],
  ['null bytes', '\u0000\u0000\u0000'],
  ['deep', '['.repeat(20_000)],
  ['no object', '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1"}}'],
  [
    'a prototype',
    '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","__proto__":{"object":{}}}}',
  ],
].map(([name = '', text = '']) => ({ name, path: '/inject', text }));

/** Requests that do not get so far. */
function refusedRequests(sets: number): Probe[] {
  const refused = (name: string, status: number, answer: string, bytes: Buffer): Probe => {
    const answers = Array.from({ length: sets }, () => Buffer.from(answer));
    return { name, path: '/inject', body: Buffer.alloc(0), bytes, status, answers };
  };
  const wrongType = 'invalid Content-Type, want `application/json`\n';
  return [
    refused('empty body', 400, 'no body found\n', requestBytes('/inject', Buffer.alloc(0))),
    refused('content type', 415, wrongType, requestBytes('/inject', Buffer.from('{}'), 'text/plain')),
    refused('unknown path', 404, '404 page not found\n', requestBytes('/elsewhere', Buffer.from('{}'))),
  ];
}
