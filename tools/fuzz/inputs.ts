/** What is sent: reviews that were changed, each made of the seed and its number alone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canaryPods, templateSets } from '../../src/canary/index.ts';
import type { Configuration } from '../../src/configuration/index.ts';
import { findLoads, injectionCorpus } from '../bench/loads.ts';
import { nameAlphabet } from '../bench/stream.ts';
import type { ConfigurationFiles } from './core.ts';
import { Random } from '../soak/random.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateReview } from './mutate-json.ts';
import { oddValues } from './odd-values.ts';

/** A request to a webhook. */
export interface Input {
  /** As it stands on the request line. */
  readonly target: string;
  readonly body: Buffer;
  readonly kind: 'bytes' | 'structure';
}

type WebhookName = 'inject' | 'validate' | 'workloads';

/** A review that is right, and where it belongs. */
export interface Origin {
  readonly webhook: WebhookName;
  readonly review: object;
  readonly body: Buffer;
}

const targets: Readonly<Record<WebhookName, readonly string[]>> = {
  inject: [
    '/inject',
    '/inject?timeout=30s',
    '/inject/cluster/c1/net/n1',
    '/inject/:ENV:cluster=c1:ENV:net=n-1',
    '/inject/a%20b/%F0%9F%99%82',
  ],
  validate: ['/validate', '/validate?timeout=30s'],
  workloads: ['/workloads', '/workloads/quiet', '/workloads/cluster/c1'],
};

/** Where changed reviews come from: the corpora of `../shared` where they are, else the samples that come with Outrigger. */
export function findOrigins(configuration: Configuration): Origin[] {
  const loads = findLoads();
  const ownPods = templateSets(configuration).flatMap((set) =>
    [...canaryPods(configuration, set)].map(({ pod }) => reviewOfPod(pod)),
  );
  const reviews = [
    ...[...loads.inject, ...ownPods, ...corpusReviews()].map((text) => ['inject', text] as const),
    ...[...loads.inject, ...ownPods].map((text) => ['workloads', inDeployment(text)] as const),
    ...[...loads.validate, ...validationReviews()].map((text) => ['validate', text] as const),
  ];
  return reviews.map(([webhook, text]) => ({
    webhook,
    review: JSON.parse(text) as object,
    body: Buffer.from(text),
  }));
}

/** Reviews without end, the same for the same seed and number. */
export class Inputs {
  readonly #seed: number;
  readonly #share: number;
  readonly #byWebhook: Readonly<Record<WebhookName, readonly Origin[]>>;
  readonly #bodies: readonly Buffer[];
  readonly #values: readonly unknown[];

  /** @param structureShare part of the inputs whose structure is changed, from 0 to 1; of the others, the bytes are */
  constructor(seed: number, origins: readonly Origin[], structureShare: number) {
    this.#seed = seed;
    this.#share = structureShare;
    const originsOf = (name: WebhookName): Origin[] => origins.filter(({ webhook }) => webhook === name);
    this.#byWebhook = {
      inject: originsOf('inject'),
      validate: originsOf('validate'),
      workloads: originsOf('workloads'),
    };
    this.#bodies = origins.map(({ body }) => body);
    this.#values = oddValues(seed, 3000);
  }

  at(index: number): Input {
    const random = this.#randomFor(index, 0xc2b2ae35);
    if (random.next() >= siblingShare) return this.#changed(index);
    const earlier = this.#changed(index - Math.floor(random.next() * siblingDistance) - 1);
    return { ...earlier, body: siblingOf(earlier.body, random) };
  }

  #randomFor(index: number, factor: number): Random {
    return new Random(Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(index + 1, factor));
  }

  #changed(index: number): Input {
    const random = this.#randomFor(index, 0x85ebca6b);
    const webhook = random.pick<WebhookName>(['inject', 'inject', 'inject', 'validate', 'validate', 'workloads']);
    const { review, body } = random.pick(this.#byWebhook[webhook]);
    // Now and then at a webhook that it is not for.
    const target = random.pick(targets[random.next() < 0.02 ? 'validate' : webhook]);
    if (random.next() < this.#share) {
      return { target, body: mutateReview(review, random, this.#values), kind: 'structure' };
    }
    return { target, body: mutateBytes(body, random, this.#bodies), kind: 'bytes' };
  }
}

/** Part of the inputs that are siblings of one shortly before them, and how far before. */
const siblingShare = 0.5;
const siblingDistance = 3;

/** The same text with other own texts of a request: what differs between the replicas of a pod. */
function siblingOf(body: Buffer, random: Random): Buffer {
  const drawn = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random.next() * alphabet.length)]).join('');
  const [uid, name] = [drawn('0123456789abcdef', 12), drawn(nameAlphabet, 5)];
  const time = `2026-01-0${drawn('12345678', 1)}T0${drawn('0123456789', 1)}:00:00Z`;
  const text = body
    .toString('latin1')
    .replace(/("uid":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-)[0-9a-f]{12}/, `$1${uid}`)
    .replaceAll(/(kube-api-access-)\w{5}/g, `$1${name}`)
    .replaceAll(/("time":")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, `$1${time}`);
  return Buffer.from(text, 'latin1');
}

function reviewOfPod(object: object): string {
  const request = { uid: uidOf(1), namespace: 'shop', operation: 'CREATE', object };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

const uidOf = (digit: number): string => `00000000-0000-4000-8000-${String(digit).repeat(12)}`;

function inDeployment(text: string): string {
  const { request } = JSON.parse(text) as { request: { namespace?: string; object: unknown } };
  const spec = { selector: { matchLabels: { app: 'a' } }, template: request.object };
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec };
  return reviewOfPod(object);
}

/** Pods of the corpus, as many of each group as are worth it. */
function corpusReviews(): string[] {
  const folder = join(injectionCorpus, 'cases');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((group) =>
    readdirSync(join(folder, group))
      .filter((_file, index) => index % 4 === 0)
      .map((file) => JSON.parse(readFileSync(join(folder, group, file), 'utf8')) as { review?: object })
      .flatMap(({ review }) => (review === undefined ? [] : [JSON.stringify(review)])),
  );
}

/** Istio objects of the corpus. */
function validationReviews(): string[] {
  const folder = join(injectionCorpus, '../validation');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => /^[A-Z]\w+\.jsonl$/.test(name));
  return files.flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line, index) => line !== '' && index % 10 === 0)
      .map((line) => JSON.parse(line) as { operation?: string; object?: Record<string, unknown> })
      .flatMap(({ operation = 'CREATE', object }) => (object === undefined ? [] : [reviewOfObject(object, operation)])),
  );
}

function reviewOfObject(object: Record<string, unknown>, operation: string): string {
  const [group = '', version = ''] = String(object['apiVersion']).split('/');
  const kind = { group, version, kind: String(object['kind']) };
  const resource = { group, version, resource: `${kind.kind.toLowerCase()}s` };
  const request = { uid: uidOf(2), kind, resource, name: 'one', namespace: 'shop', operation, object };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

/** Requests as API servers send them, one in so many origins. */
export function canonicalInputs(origins: readonly Origin[]): Input[] {
  return origins
    .filter((_origin, index) => index % 25 === 0)
    .map(({ webhook, body }) => ({ target: `/${webhook}?timeout=30s`, body, kind: 'bytes' }));
}

/** The files of the corpus's default environment where it is there, else what is built in. */
export function configurationFiles(): ConfigurationFiles {
  const folder = join(injectionCorpus, 'environments/default');
  if (!existsSync(folder)) return {};
  return {
    injectConfig: join(folder, 'config.yaml'),
    injectValues: join(folder, 'values.json'),
    meshConfig: join(folder, 'mesh.yaml'),
  };
}
