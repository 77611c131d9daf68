/**
 * What rendering remembers, by two keys that are compared in full, so that the caches cannot change an answer: renderings by
 * everything that their templates can read (pods of one workload), and decoded overlays by their text (templates whose reads are not
 * known, and pods that differ in what comes to nothing).
 */
import type { Pod } from '../kubernetes/index.ts';
import { BoundedMap } from '../memo/index.ts';
import { SharedOverlay } from '../strategic-merge/index.ts';
import type { JsonRecord } from '../yaml/index.ts';
import { TemplateRenderers } from './template-renderers.ts';

/** A decoded template output. Both values are shared between requests and never changed. */
export interface Overlay {
  /** The first YAML document. */
  readonly shared: SharedOverlay;
  /** The overlay merged into an empty pod; made when it is first needed. */
  alone?: Pod;
}

/** One template of a set, rendered. */
export interface RenderedTemplate {
  readonly overlay: Overlay;
  /** UTF-16 units of the text. */
  readonly length: number;
  /** The pod that this template and those before it make. */
  readonly templatePod: Pod;
}

/**
 * UTF-16 units of rendered text that are kept, for each of the two kinds of key: some 350 workloads of the stock template, 10 MB with what was
 * decoded from them, which both kinds share mostly.
 */
const textLimit = 2 * 1024 * 1024;

/** Longer keys are those of pods that are not to be met again. */
const maxKeyLength = 64 * 1024;

/** Keeps the overlays and renderings that were used last. */
export class OverlayCache {
  readonly #overlays: BoundedMap<Overlay>;
  readonly #renderings: BoundedMap<readonly RenderedTemplate[]>;
  /** For what is not known yet. */
  readonly renderers = new TemplateRenderers();

  constructor(limit = textLimit) {
    this.#overlays = new BoundedMap(limit);
    this.#renderings = new BoundedMap(limit);
  }

  /** The overlay of a text; `decode` makes it when it is not known. What `decode` throws is not kept. */
  get(text: string, decode: (text: string) => JsonRecord): Overlay {
    const known = this.#overlays.get(text);
    if (known !== undefined) return known;
    const overlay: Overlay = { shared: new SharedOverlay(decode(text)) };
    this.#overlays.set(text, overlay, text.length);
    return overlay;
  }

  /** What a set of templates was rendered to with the same key (see rendering-key.ts). */
  rendering(key: string): readonly RenderedTemplate[] | undefined {
    return this.#renderings.get(key);
  }

  keepRendering(key: string, rendered: readonly RenderedTemplate[]): void {
    if (key.length > maxKeyLength) return;
    this.#renderings.set(
      key,
      rendered,
      rendered.reduce((sum, { length }) => sum + length, key.length),
    );
  }
}
