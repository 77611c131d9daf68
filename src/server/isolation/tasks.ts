/** What webhooks compute of a request, on whichever thread: a snapshot of the configuration and a body in, text and outcome out. */
import { withoutObjects } from '../../admission/index.ts';
import { OverlayCache, type InjectionReport, type Injector } from '../../injection/index.ts';
// Not from the index, which also loads the CRD schemas and an engine for their rules.
import { AnswerMemo } from '../../validation/answer-memo.ts';
import type { ReviewAnswer } from '../../validation/answer-review.ts';
import { answerWorkloadReview, type WorkloadAnswer } from '../../workloads/index.ts';
import { auditAnnotations } from '../audit-annotations.ts';

/** What answers depend on beside the request; taken when the request is complete. */
export interface Snapshot {
  readonly injector: Injector;
  /** Number of the configuration; given, answers of `/inject` carry audit annotations. */
  readonly generation?: number;
}

/** What metrics and log are told of an answer: plain data without contents of the body. */
export interface Outcomes {
  readonly inject: {
    readonly report: InjectionReport;
    /** Revision that answered. */
    readonly revision: string;
  };
  readonly validate: Omit<ReviewAnswer, 'text'>;
  readonly workloads: Omit<WorkloadAnswer, 'text'>;
}

export type TaskName = keyof Outcomes;

/** An answer as text, and its outcome. */
export interface Answered<Name extends TaskName> {
  readonly text: string;
  readonly outcome: Outcomes[Name];
}

/** Computes an answer of a webhook. */
export type Tasks = {
  readonly [Name in TaskName]: (snapshot: Snapshot, body: string, path: string) => Answered<Name>;
};

/** Rendered text of workloads that is kept, in UTF-16 units: some 80 workloads. They come one by one, and not as often as pods. */
const workloadCacheLimit = 512 * 1024;

/** The tasks of one thread; what they remember is never part of an answer. */
export function createTasks(): Tasks {
  const workloadCache = new OverlayCache(workloadCacheLimit);
  const validation = new AnswerMemo();
  return {
    inject({ injector, generation }, body, path) {
      const revision = injector.configuration.revision || 'default';
      const audit = generation === undefined ? undefined : auditAnnotations(revision, generation);
      const { text, report } = injector.answer(body, path, audit);
      return { text, outcome: { report, revision } };
    },
    validate(_snapshot, body) {
      const { text, ...outcome } = validation.answer(body);
      return { text, outcome };
    },
    workloads({ injector }, body, path) {
      const { text, request, ...outcome } = answerWorkloadReview(body, path, { injector, cache: workloadCache });
      return { text, outcome: { ...outcome, request: request && withoutObjects(request) } };
    },
  };
}
