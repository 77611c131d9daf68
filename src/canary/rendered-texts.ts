/** Sees what templates write, and ends an injection when that is what they wrote for the same pod before. */
import type { Configuration } from '../configuration/index.ts';
import { OverlayCache } from '../injection/index.ts';

/** Thrown out of an injection whose templates wrote what was expected: the rest of it would be the same, too. */
export class SameTexts extends Error {}

type Overlay = ReturnType<OverlayCache['get']>;
type Rendering = Parameters<OverlayCache['keepRendering']>[1];

/**
 * A cache that knows the texts of the last injection. As keys are whole, it can be used with one configuration after the other.
 */
export class RenderedTexts extends OverlayCache {
  #texts: string[] = [];
  #expected: readonly string[] | undefined;
  readonly #textsOf = new WeakMap<Rendering, readonly string[]>();

  /** Begins an injection; it ends with {@link SameTexts} when its templates write just these texts. */
  begin(expected?: readonly string[]): void {
    this.#texts = [];
    this.#expected = expected;
  }

  /** What the templates have written since {@link begin}, in order. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  override get(text: string, decode: Parameters<OverlayCache['get']>[1]): Overlay {
    this.#texts.push(text);
    this.#compare();
    return super.get(text, decode);
  }

  override rendering(key: Parameters<OverlayCache['rendering']>[0]): Rendering | undefined {
    const known = super.rendering(key);
    const texts = known && this.#textsOf.get(known);
    if (texts !== undefined) {
      this.#texts = [...texts];
      this.#compare();
    }
    return known;
  }

  override keepRendering(key: Parameters<OverlayCache['keepRendering']>[0], rendered: Rendering): void {
    this.#textsOf.set(rendered, this.#texts);
    super.keepRendering(key, rendered);
  }

  #compare(): void {
    const expected = this.#expected;
    if (expected?.length !== this.#texts.length) return;
    if (expected.every((text, index) => text === this.#texts[index])) throw new SameTexts();
  }
}

/**
 * Whether two configurations make the same of a pod when their templates write the same for it: they differ in nothing else that an
 * injection looks at.
 */
export function differOnlyInTexts(a: Configuration, b: Configuration): boolean {
  return a.cluster === b.cluster && othersOf(a) === othersOf(b);
}

function othersOf({ sources, values, injection }: Configuration): string {
  const { mesh, revision, clusterId, features } = sources;
  const { document: _, ...settings } = values;
  const texts = mesh.map(({ text }) => text);
  return JSON.stringify([texts, revision, clusterId, features, settings, injection.injectedAnnotations]);
}
