/** Words that stand in a configuration: whoever reads the comparison may know them. */
import type { ConfigurationSet } from '../configuration/index.ts';

/** Words that are remembered. */
const mostWords = 10_000;

/** Makes the function that tells whether a text is part of one of the sets. */
export function publicWordsOf(sets: readonly ConfigurationSet[]): (word: string) => boolean {
  const texts = sets.flatMap(({ config, values, mesh }) => [config, values, ...mesh]).map(({ text }) => text);
  const known = new Map<string, boolean>();
  return (word) => {
    let isPublic = known.get(word);
    if (isPublic === undefined) {
      isPublic = texts.some((text) => text.includes(word));
      if (known.size < mostWords) known.set(word, isPublic);
    }
    return isPublic;
  };
}
