/**
 * The injector: an AdmissionReview in, its answer and a report out. Every failure ends here, as a denial with a reason; also those
 * that Istio crashes on.
 */
import {
  allowed,
  decodeReview,
  denied,
  encodeAnswer,
  missingObjectMessage,
  missingRequestMessage,
  patched,
  readReview,
  undecodable,
  withAuditAnnotations,
  type AdmissionRequest,
  type ReviewIdentity,
  type ReviewResult,
} from '../admission/index.ts';
import { withClusterObjects, type ClusterObjects, type Configuration } from '../configuration/index.ts';
import { Interrupted, type FunctionContext } from '../gotemplate/index.ts';
import { diffAgainstRaw } from '../jsonpatch/index.ts';
import { DecodeError, type Pod } from '../kubernetes/index.ts';
import { MetBefore } from '../memo/index.ts';
import { AnswerMemo } from './answers/answer-memo.ts';
import type { ComputedAnswer, InjectionAnswer } from './answers/kept-answer.ts';
import { decide } from './decision.ts';
import { InjectionError, messageOf } from './injection-error.ts';
import { OverlayCache } from './overlay-cache.ts';
import { pathOfTarget, readPathEnvironment } from './path-environment.ts';
import { injectPod } from './pipeline.ts';
import { reasons, type FailureReason } from './reasons.ts';
import { newReport, type InjectionReport } from './report.ts';
import { requestedPod } from './requested-pod.ts';
import { webhookParameters } from './webhook-parameters.ts';

export type { InjectionAnswer };

/** Audit annotations for a report; the API server puts the webhook's name before each key. */
export type Audit = (report: InjectionReport) => Readonly<Record<string, string>>;

/** Answers reviews with one configuration; a changed configuration gets an injector of its own. */
export interface Injector {
  readonly configuration: Configuration;
  /** What template functions may know of the world. */
  readonly context: Partial<FunctionContext>;
  /**
   * Answers a request body.
   * @param body JSON or YAML
   * @param path the request path, unescaped and without the query
   * @param audit what the API server's audit log is told; by default nothing, as Istio
   * @returns the answer as JSON text
   * @throws {Interrupted} where the context interrupts; nothing else
   */
  answer(body: string, path: string, audit?: Audit): { readonly text: string; readonly report: InjectionReport };
  /**
   * Answers an AdmissionReview that is already a value.
   * @param target path of the webhook's URL as it stands on the request line: `/inject/cluster/c1`
   */
  inject(review: unknown, target?: string): InjectionAnswer;
  /** The same injector with other objects in its cluster: nothing is compiled again, and the renderings that it remembers stay. */
  withClusterObjects(cluster: ClusterObjects): Injector;
}

/** Makes an injector. `context` is what template functions may know of the world; by default no environment, clock or chance. */
export function injectorFor(configuration: Configuration, context: Partial<FunctionContext> = {}): Injector {
  return injectorWith(configuration, context, new OverlayCache(undefined, new MetBefore()));
}

function injectorWith(configuration: Configuration, context: Partial<FunctionContext>, cache: OverlayCache): Injector {
  const handler = new Handler(configuration, context, cache);
  const memo = new AnswerMemo();
  return {
    configuration,
    context,
    answer(body, path, audit) {
      const { review, report } = memo.answer(body, path, (text) => handler.guarded(() => decodeReview(text), path));
      const answer = audit === undefined ? review : withAuditAnnotations(review, audit(report));
      return { text: encodeAnswer(answer), report };
    },
    inject(review, target = '/inject') {
      const answer = handler.guarded(() => readReview(review, () => JSON.stringify(review)), pathOfTarget(target));
      return { review: answer.review, report: answer.report };
    },
    withClusterObjects(cluster) {
      return injectorWith(withClusterObjects(configuration, cluster), context, cache);
    },
  };
}

class Handler {
  readonly #configuration: Configuration;
  readonly #context: Partial<FunctionContext>;
  readonly #cache: OverlayCache;

  constructor(configuration: Configuration, context: Partial<FunctionContext>, cache: OverlayCache) {
    this.#configuration = configuration;
    this.#context = context;
    this.#cache = cache;
  }

  /** Answers whatever happens. */
  guarded(read: () => ReviewResult, path: string): ComputedAnswer {
    let identity: ReviewIdentity | undefined;
    try {
      const result = read();
      if (!result.ok) return refuse(undefined, 'review-undecodable', result.failure.message);
      identity = result.review.identity;
      const { request } = result.review;
      if (request === undefined) return refuse(identity, 'request-missing', missingRequestMessage);
      return this.#admit(identity, request, path);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      // A RangeError is an exhausted stack or string; either way the pod cannot be injected and the process goes on.
      return refuse(identity, 'internal-error', `internal error: ${messageOf(error)}`);
    }
  }

  #admit(identity: ReviewIdentity, request: AdmissionRequest, path: string): ComputedAnswer {
    let pod: Pod;
    try {
      if (request.object === undefined) return refuse(identity, 'pod-undecodable', missingObjectMessage);
      pod = requestedPod(request);
    } catch (error) {
      if (error instanceof DecodeError) return refuse(identity, 'pod-undecodable', error.message);
      throw error;
    }
    const { inject, reason, detail, warnings } = decide(pod, this.#configuration.injection);
    const fromPath = readPathEnvironment(path);
    const report = {
      ...newReport(identity),
      namespace: pod.metadata.namespace ?? '',
      pod: shownName(pod),
      warnings: [...fromPath.warnings, ...warnings],
    };
    if (!inject) return { review: allowed(identity), report: { ...report, outcome: 'skipped', reason, detail } };
    try {
      return this.#inject(identity, request, pod, { ...report, outcome: 'injected', reason, detail }, fromPath.env);
    } catch (error) {
      if (error instanceof InjectionError) return refuse(identity, error.reason, error.message, report);
      throw error;
    }
  }

  #inject(
    identity: ReviewIdentity,
    request: AdmissionRequest,
    pod: Pod,
    report: InjectionReport,
    pathEnvironment: Readonly<Record<string, string>>,
  ): ComputedAnswer {
    const { parameters, warnings } = webhookParameters(this.#configuration, pod, pathEnvironment);
    const injected = injectPod({ ...parameters, cache: this.#cache, context: this.#context });
    const patch = diffAgainstRaw(request.object, parameters.pod, injected.pod);
    const { containers, initContainers } = injected.templatePod.spec;
    return {
      review: patched(identity, JSON.stringify(patch)),
      report: {
        ...report,
        templates: injected.templates,
        containers: (containers ?? []).map(({ name }) => name),
        initContainers: (initContainers ?? []).map(({ name }) => name),
        warnings: [...report.warnings, ...warnings, ...injected.warnings],
      },
      rendering: injected.rendering,
    };
  }
}

function shownName({ metadata }: Pod): string {
  return metadata.name ?? `${metadata.generateName ?? ''}***** (actual name not yet known)`;
}

function refuse(
  identity: ReviewIdentity | undefined,
  reason: FailureReason,
  message: string,
  report: Omit<InjectionReport, 'outcome' | 'reason'> = newReport({ uid: identity?.uid ?? '' }),
): InjectionAnswer {
  const review = identity === undefined ? undecodable(message) : denied(identity, message);
  return { review, report: { ...report, outcome: reasons[reason].outcome, reason, message } };
}
