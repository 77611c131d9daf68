import type { Execution } from '../execute/state.ts';
import type { GoValue } from '../values.ts';

/** What an unset conditional slot holds (see scope.ts); never seen by a template. */
export const UNSET: GoValue = Object.freeze({ unset: true });

function slotOf(state: Execution, slots: readonly number[], name: string): number {
  const { values } = state.frame;
  for (const slot of slots) if (values[slot] !== UNSET) return slot;
  state.fail(`undefined variable: ${name}`);
}

/** Finds the slot of a variable that is read or assigned. */
export function slotFinder(slots: readonly number[], name: string): (state: Execution) => number {
  const [only] = slots;
  if (slots.length === 1 && only !== undefined) {
    return (state) => (state.frame.values[only] === UNSET ? slotOf(state, slots, name) : only);
  }
  return (state) => slotOf(state, slots, name);
}

export function setVariable(state: Execution, slot: number, value: GoValue, boxed: boolean): void {
  state.frame.values[slot] = value;
  state.frame.boxed[slot] = boxed;
}
