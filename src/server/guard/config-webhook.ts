/** `/config`: ConfigMaps of the injector and of the mesh are looked at before they are stored. */
import { Counter, Histogram, type Registry } from 'prom-client';
import {
  allowed,
  decodeReview,
  denied,
  encodeAnswer,
  type AdmissionRequest,
  type AnswerReview,
  type ReviewIdentity,
} from '../../admission/index.ts';
import { ConfigurationError } from '../../configuration/index.ts';
import { isRecord } from '../../yaml/index.ts';
import { logRefusal } from '../inject-webhook.ts';
import { shorten, type Logger } from '../logger.ts';
import type { Webhook, WebhookRequest } from '../webhook.ts';
import type { Examination, ExaminationInput, Texts } from './examination.ts';
import { GuardThread, NotExamined } from './guard-thread.ts';
import {
  denialOf,
  outOfTimeWarning,
  overrideAnnotation,
  problemWarnings,
  sampleWarning,
  mendedWarning,
  sentAgainWarning,
} from './words.ts';

/** What happens to a change that would break injection. */
export type GuardMode = 'deny' | 'warn' | 'off';

/** A change of one ConfigMap, as far as it concerns the configuration. */
export interface GuardedChange {
  /** The texts as they would be. */
  readonly texts: Texts;
  /** Those in use; absent when nothing is in use yet. */
  readonly inUse?: Texts;
  /** A sentence on what else may have to change, where the change stands in several ConfigMaps or keys. */
  readonly hint?: string;
  /** What the answer depends on beside the texts. */
  readonly surroundings: Omit<ExaminationInput, 'texts' | 'inUse' | 'pods' | 'timeLeft'>;
}

/** What the guard knows of the cluster. */
export interface GuardedCluster {
  /**
   * What storing an object would change; undefined when it is none of ours, or changes nothing.
   * @throws {ConfigurationError} when the texts cannot be found in it
   */
  readonly changeBy: (request: AdmissionRequest) => GuardedChange | undefined;
  /** Pods of the cluster, as few as represent it. Never rejects. */
  readonly samplePods: () => Promise<ExaminationInput['pods']>;
}

/** Of the time that the client waits this much is left for the way back, in milliseconds. */
const margin = 500;

/** How long a client is assumed to wait that does not say, in milliseconds: the API server's default. */
const assumedTimeout = 10_000;

type Verdict = 'allowed' | 'denied' | 'warned' | 'overridden' | 'unchecked' | 'none';

interface Answer {
  readonly review: AnswerReview;
  readonly verdict: Verdict;
  readonly examination?: Examination;
  readonly reason?: string;
}

/** The webhook, and the end of its thread. */
export function createConfigWebhook(
  mode: Exclude<GuardMode, 'off'>,
  cluster: GuardedCluster,
  registry: Registry,
  logger: Logger,
): Webhook & { readonly close: () => Promise<void> } {
  const thread = new GuardThread();
  const metrics = createMetrics(registry);

  async function answer({ body, path, timeout = assumedTimeout }: WebhookRequest): Promise<string> {
    const start = performance.now();
    const result = decodeReview(body.toString());
    if (!result.ok) return encodeAnswer(denied(anybody, result.failure.message));
    const { identity, request } = result.review;
    if (request === undefined) return encodeAnswer(allowed(identity));
    const answered = await judge(identity, request, timeout - margin);
    const seconds = (performance.now() - start) / 1000;
    metrics.reviews.inc({ verdict: answered.verdict });
    if (answered.verdict !== 'none') metrics.time.observe(seconds);
    logAnswer(logger, request, answered, path, seconds);
    return encodeAnswer(answered.review);
  }

  async function judge(identity: ReviewIdentity, request: AdmissionRequest, timeLeft: number): Promise<Answer> {
    const override = overrideOf(request.object);
    let change: GuardedChange | undefined;
    try {
      change = cluster.changeBy(request);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return verdictOn(identity, foundAtOnce(error), { override });
    }
    if (change === undefined) return { review: allowed(identity), verdict: 'none' };
    const { texts, inUse, surroundings, hint } = change;
    try {
      const pods = await cluster.samplePods();
      const input = { texts, ...(inUse && { inUse }), ...surroundings, pods, timeLeft };
      const key = JSON.stringify([texts, inUse, surroundings.objects.length, pods.length]);
      return verdictOn(identity, await thread.examine(key, input), { override, hint });
    } catch (error) {
      if (!(error instanceof NotExamined)) throw error;
      const review = allowed(identity, [outOfTimeWarning(error.message)]);
      return { review, verdict: 'unchecked', reason: error.message };
    }
  }

  function verdictOn(
    identity: ReviewIdentity,
    examination: Examination,
    { override, hint }: { override?: string; hint?: string },
  ): Answer {
    const { problems, sample, isComplete, tried } = examination;
    const warnings = [
      ...[sampleWarning(sample), sentAgainWarning(examination), mendedWarning(examination)].filter(
        (warning) => warning !== undefined,
      ),
      ...(isComplete ? [] : [outOfTimeWarning(`time ran out after ${tried} pods`)]),
    ];
    if (problems.length === 0) {
      const verdict = isComplete ? 'allowed' : 'unchecked';
      return { review: allowed(identity, warnings), verdict, examination };
    }
    const broken = [...problemWarnings(examination), ...warnings];
    if (override !== undefined) {
      const review = allowed(identity, [...broken, `outrigger guard: overridden: ${override}`]);
      return { review, verdict: 'overridden', examination, reason: override };
    }
    if (mode === 'warn') return { review: allowed(identity, broken), verdict: 'warned', examination };
    return { review: denied(identity, denialOf(examination, hint)), verdict: 'denied', examination };
  }

  return {
    answer,
    refused(refusal) {
      logRefusal(logger, refusal);
    },
    close: () => thread.close(),
  };
}

/** Whom an answer goes to when the review does not say. */
const anybody: ReviewIdentity = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', uid: '' };

function foundAtOnce({ file, detail }: ConfigurationError): Examination {
  const sample = { pods: 0, changed: 0, lost: 0, gained: 0, fields: [] };
  return { problems: [{ message: detail, place: file }], sample, tried: 0, isComplete: true };
}

/** An override without a reason is none. */
function overrideOf(object: unknown): string | undefined {
  const metadata = isRecord(object) && isRecord(object['metadata']) ? object['metadata'] : {};
  const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {};
  const reason = Object.hasOwn(annotations, overrideAnnotation) ? annotations[overrideAnnotation] : undefined;
  return typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : undefined;
}

function createMetrics(registry: Registry) {
  return {
    reviews: new Counter({
      name: 'outrigger_guard_reviews_total',
      help: 'ConfigMaps that were looked at before they were stored, by verdict; none: they change nothing.',
      labelNames: ['verdict'],
      registers: [registry],
    }),
    time: new Histogram({
      name: 'outrigger_guard_review_seconds',
      help: 'Time taken to examine a change of the configuration in seconds.',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
      registers: [registry],
    }),
  };
}

function logAnswer(
  logger: Logger,
  { uid, name, namespace, operation, dryRun }: AdmissionRequest,
  { verdict, examination, reason }: Answer,
  path: string,
  seconds: number,
): void {
  if (verdict === 'none') return;
  const fields = {
    path,
    configMap: `${namespace}/${name}`,
    uid,
    operation,
    dryRun: dryRun ? true : undefined,
    verdict,
    reason,
    problems: examination?.problems.map(({ place, template, message }) =>
      shorten([template ?? place, message].filter((part) => part !== undefined).join(': ')),
    ),
    tried: examination?.tried,
    sample: examination?.sample.pods,
    changed: examination?.sample.changed,
    ms: Math.round(seconds * 1e4) / 10,
  };
  if (verdict === 'allowed') logger.info(fields, 'Configuration change allowed');
  else if (verdict === 'overridden') logger.warn(fields, 'Configuration change breaks injection, and was let through');
  else logger.warn(fields, `Configuration change ${verdict}`);
}
