/**
 * Rendered templates that were already decoded. Pods of one workload render to the same text, and decoding it is the larger part of an
 * injection; nothing but the full text decides about a hit, so the cache cannot change an answer.
 */
import type { Pod } from '../kubernetes/index.ts';
import type { JsonRecord } from '../yaml/index.ts';

/** A decoded template output. Both values are shared between requests and never changed. */
export interface Overlay {
  /** The first YAML document. */
  readonly value: JsonRecord;
  /** The overlay merged into an empty pod; made when it is first needed. */
  alone?: Pod;
}

/** UTF-16 units of rendered text that are kept: some 700 workloads of the stock template, 20 MB with what was decoded from them. */
const textLimit = 4 * 1024 * 1024;

/** Keeps the overlays that were used last. */
export class OverlayCache {
  readonly #overlays = new Map<string, Overlay>();
  readonly #limit: number;
  #size = 0;

  constructor(limit = textLimit) {
    this.#limit = limit;
  }

  /** The overlay of a text; `decode` makes it when it is not known. What `decode` throws is not kept. */
  get(text: string, decode: (text: string) => JsonRecord): Overlay {
    const known = this.#overlays.get(text);
    if (known !== undefined) {
      // Moves it behind all others: the first of the map is the one that was not used for longest.
      this.#overlays.delete(text);
      this.#overlays.set(text, known);
      return known;
    }
    const overlay: Overlay = { value: decode(text) };
    this.#overlays.set(text, overlay);
    this.#size += text.length;
    this.#shrink();
    return overlay;
  }

  #shrink(): void {
    for (const text of this.#overlays.keys()) {
      if (this.#size <= this.#limit) return;
      this.#overlays.delete(text);
      this.#size -= text.length;
    }
  }
}
