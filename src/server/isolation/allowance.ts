/**
 * How much work a thread may put into what it is doing. A thread does one thing at a time, so that one allowance is enough.
 */
import { Interrupted } from '../../gotemplate/index.ts';

/** Told of each amount of work, in steps of templates; says whether to go on. */
export type Allowance = (steps: number) => boolean;

const unlimited: Allowance = () => true;
let current = unlimited;

/** Does something, as long as the allowance lasts; then it throws `Interrupted`. */
export function withAllowance<Result>(allowance: Allowance, work: () => Result): Result {
  current = allowance;
  try {
    return work();
  } finally {
    current = unlimited;
  }
}

/** Lets so much be done. Counting does not depend on how busy the machine is. */
export function stepsAllowed(most: number): Allowance {
  let left = most;
  return (steps) => (left -= steps) >= 0;
}

/** Lets work be done for so many milliseconds. */
export function timeAllowed(milliseconds: number): Allowance {
  const end = performance.now() + milliseconds;
  return () => performance.now() < end;
}

/** Called by templates while they are executed. */
export function spend(steps: number): void {
  if (!current(steps)) throw new Interrupted();
}
