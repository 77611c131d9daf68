import pc from 'picocolors';
import type { Screen } from '../server/terminal.ts';

/** Colours of a screen; without colours its functions return their text. */
export type Paint = ReturnType<typeof pc.createColors>;

/** Colours only where somebody sees them, and not where `NO_COLOR` forbids them. */
export function paintOf(screen: Screen): Paint {
  return pc.createColors(screen.isTTY === true && pc.isColorSupported);
}
