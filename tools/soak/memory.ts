import { median } from '../bench/measurement.ts';

/** Resident memory at a time. */
export interface MemorySample {
  /** Since the start of the load. */
  readonly seconds: number;
  readonly rssMb: number;
}

/** Whether memory grew. */
export interface MemoryTrend {
  /** Median of all slopes between two windows (Theil-Sen), in MB a minute. */
  readonly mbPerMinute: number;
  /** What that makes in the time that is judged, in MB. */
  readonly riseMb: number;
  readonly medianMb: number;
  /** Mann-Kendall: how sure it is that there is a trend at all, in standard deviations. */
  readonly significance: number;
  readonly grew: boolean;
}

/** Until then caches fill and the heap finds its size. */
export const settlingSeconds = 180;
/** The least of such a window is taken: what lies between is garbage that was not yet collected. */
const windowSeconds = 20;
/** Windows without which nothing can be said. */
const leastWindows = 6;
/** 99 % of trendless series stay below. */
const sure = 2.58;
/** A smaller rise than this part is not worth a word. */
const tolerated = 0.05;

/** Judges the samples after the third minute; `undefined` when there are too few. */
export function judgeMemory(samples: readonly MemorySample[]): MemoryTrend | undefined {
  const lows = windowLows(samples.filter(({ seconds }) => seconds >= settlingSeconds));
  const first = lows[0];
  const last = lows.at(-1);
  if (first === undefined || last === undefined || lows.length < leastWindows) return undefined;
  const slopes: number[] = [];
  let order = 0;
  for (const [index, a] of lows.entries()) {
    for (const b of lows.slice(index + 1)) {
      slopes.push(((b.rssMb - a.rssMb) / (b.seconds - a.seconds)) * 60);
      order += Math.sign(b.rssMb - a.rssMb);
    }
  }
  const mbPerMinute = median(slopes);
  const riseMb = (mbPerMinute * (last.seconds - first.seconds)) / 60;
  const medianMb = median(lows.map(({ rssMb }) => rssMb));
  const deviation = Math.sqrt((lows.length * (lows.length - 1) * (2 * lows.length + 5)) / 18);
  const significance = (order - Math.sign(order)) / deviation;
  return { mbPerMinute, riseMb, medianMb, significance, grew: significance > sure && riseMb > tolerated * medianMb };
}

function windowLows(samples: readonly MemorySample[]): MemorySample[] {
  const lows = new Map<number, MemorySample>();
  for (const sample of samples) {
    const window = Math.floor(sample.seconds / windowSeconds);
    const low = lows.get(window);
    if (low === undefined || sample.rssMb < low.rssMb) lows.set(window, sample);
  }
  // The last window may have just begun.
  return [...lows.values()].slice(0, -1);
}
