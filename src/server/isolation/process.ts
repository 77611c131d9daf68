/** How webhooks have their requests answered, whichever thread does it. */
import type { Review, WebhookRequest } from '../webhook.ts';
import type { Outcomes, TaskName } from './tasks.ts';

/** An answer, and what metrics and log are told of it. */
export interface Processed<Name extends TaskName> {
  readonly text: Review;
  readonly outcome: Outcomes[Name];
}

/** Answers a request: at once, or later where another thread does it. */
export type Process = <Name extends TaskName>(
  task: Name,
  request: WebhookRequest,
) => Processed<Name> | Promise<Processed<Name>>;

/** Goes on with a value at once where it is there; a promise takes its time even when it is settled. */
export function whenDone<Value, Result>(
  value: Value | Promise<Value>,
  then: (value: Value) => Result,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(then) : then(value);
}
