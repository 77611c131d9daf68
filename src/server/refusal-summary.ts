import type { Logger } from './logger.ts';
import type { Refusal } from './webhook.ts';

/** How often refusals are summed up in the log, in milliseconds. */
const interval = 1000;

/** Counts the requests that are refused since there are too many, and says so once a second while there are; a line for each would be more load. */
export function summarizeRefusals(logger: Pick<Logger, 'warn'>): (refusal: Refusal) => void {
  const counts = { overload: 0, deadline: 0 };
  let timer: NodeJS.Timeout | undefined;
  function write(): void {
    timer = undefined;
    logger.warn({ ...counts }, 'requests refused, since there are too many');
    counts.overload = 0;
    counts.deadline = 0;
  }
  return ({ reason }) => {
    if (reason !== 'overload' && reason !== 'deadline') return;
    counts[reason] += 1;
    timer ??= setTimeout(write, interval);
  };
}
