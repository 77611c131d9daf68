/** What the event loop and a worker tell each other. A worker answers its jobs one by one, in their order. */
import type { RecipeChange } from './recipe.ts';
import type { Outcomes, TaskName } from './tasks.ts';

/** A request, after whatever the worker needs to have the snapshot that it is to be answered with. */
export interface JobMessage {
  readonly task: TaskName;
  /** Moved, not copied. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly path: string;
  readonly generation?: number;
  readonly change?: RecipeChange;
  /** Milliseconds until the client stops waiting. */
  readonly timeLeft: number;
}

/** What became of it. */
export type ReplyMessage =
  | { readonly kind: 'answered'; readonly text: Uint8Array<ArrayBuffer>; readonly outcome: Outcomes[TaskName] }
  | { readonly kind: 'overdue' }
  | { readonly kind: 'failed'; readonly error: unknown };
