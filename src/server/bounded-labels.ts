/** Labels of metrics whose values clients choose. Each new value costs memory for as long as the process lives. */

/** Different sets of values that are counted by their names; Istio has some 20 resources in 4 versions. */
const mostSets = 200;

/** Longest value: no name of an API group is longer. */
const longestValue = 253;

/** What is counted instead of further sets of values. */
const other = 'other';

/** Lets the first sets of values through, and gives `other` for each value of later ones. */
export class BoundedLabels<Name extends string> {
  readonly #known = new Set<string>();

  bound(values: Readonly<Record<Name, string>>): Record<Name, string> {
    const texts = Object.values<string>(values);
    const key = JSON.stringify(texts);
    if (this.#known.has(key)) return values;
    if (this.#known.size < mostSets && texts.every(({ length }) => length <= longestValue)) {
      this.#known.add(key);
      return values;
    }
    return Object.fromEntries(Object.keys(values).map((name) => [name, other])) as Record<Name, string>;
  }
}
