import type { FailureReason } from './reasons.ts';

/** A pod that cannot be injected. The message is what the user gets to see, in Istio's words. */
export class InjectionError extends Error {
  override readonly name = 'InjectionError';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
