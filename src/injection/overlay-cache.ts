/**
 * What rendering remembers, by two keys that are compared in full, so that the caches cannot change an answer: renderings by
 * everything that their templates can read (pods of one workload), and decoded overlays by their text (templates whose reads are not
 * known, and pods that differ in what comes to nothing).
 */
import type { Pod } from '../kubernetes/index.ts';
import { BoundedMap, textKey, type MetBefore, type TextKey } from '../memo/index.ts';
import { SharedOverlay, SharedParts } from '../strategic-merge/index.ts';
import type { JsonRecord, KnownBlocks } from '../yaml/index.ts';
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
 * UTF-16 units of rendered text that are kept, for each of the two kinds of key, which have the texts in common mostly: some 170 workloads of
 * the stock template, with little more than the texts, since what was decoded from them is shared for the most part.
 */
const textLimit = 1024 * 1024;

/** Longer keys are those of pods that are not to be met again. */
const maxKeyLength = 64 * 1024;

/** UTF-16 units of the blocks that overlays share: all of some dozens of workloads, as most are the same in all of them. */
const blockLimit = 256 * 1024;

/** Parts of overlays that others have, too, with what is known of them. */
class SharedBlocks implements KnownBlocks {
  readonly #blocks = new BoundedMap<object>(blockLimit);
  readonly parts = new SharedParts();

  get(text: string): object | undefined {
    return this.#blocks.get(textKey(text));
  }

  set(text: string, value: object): void {
    this.#blocks.set(textKey(text), value, text.length);
    this.parts.add(value);
  }
}

/** Keeps the overlays and renderings that were used last. */
export class OverlayCache {
  readonly #overlays: BoundedMap<Overlay>;
  readonly #renderings: BoundedMap<readonly RenderedTemplate[]>;
  readonly #blocks = new SharedBlocks();
  readonly #met: MetBefore | undefined;
  /** For what is not known yet. */
  readonly renderers = new TemplateRenderers();

  /** `met`: given, only what is met again is kept, as is best where most pods are met but once. */
  constructor(limit = textLimit, met?: MetBefore) {
    this.#met = met;
    this.#overlays = new BoundedMap(limit);
    this.#renderings = new BoundedMap(limit);
  }

  /** The overlay of a text; `decode` makes it when it is not known. What `decode` throws is not kept. */
  get(text: string, decode: (text: string, blocks?: KnownBlocks) => JsonRecord): Overlay {
    const key = textKey(text);
    const known = this.#overlays.get(key);
    if (known !== undefined) return known;
    const overlay: Overlay = { shared: new SharedOverlay(decode(text, this.#blocks), this.#blocks.parts) };
    if (this.#isKept(key)) this.#overlays.set(key, overlay, text.length);
    return overlay;
  }

  /** What a set of templates was rendered to with the same key (see rendering-key.ts). */
  rendering(key: TextKey): readonly RenderedTemplate[] | undefined {
    return this.#renderings.get(key);
  }

  keepRendering(key: TextKey, rendered: readonly RenderedTemplate[]): void {
    if (key.text.length > maxKeyLength || !this.#isKept(key)) return;
    this.#renderings.set(
      key,
      rendered,
      rendered.reduce((sum, { length }) => sum + length, key.text.length),
    );
  }

  #isKept(key: TextKey): boolean {
    return this.#met?.meet(key) ?? true;
  }
}
