/** How host names with a leading `*` cover each other (Istio's `pkg/config/host`), for lists of thousands of hosts. */

/** No more overlaps than these are listed; a list of `n` equal hosts has n²/2. */
const maxOverlaps = 10_000;

/**
 * Host names by what they cover: names as they are, wildcards by their text after the `*`. Looking up a name tries those
 * of its endings that are as long as some wildcard's text, so it does not depend on the number of hosts.
 */
export class HostIndex {
  private readonly names = new Map<string, number[]>();
  private readonly tails = new Map<string, number[]>();
  private readonly tailLengths = new Set<number>();
  private readonly hosts: readonly string[];

  constructor(hosts: readonly string[]) {
    this.hosts = hosts;
    hosts.forEach((host, index) => {
      if (!host.startsWith('*')) {
        append(this.names, host, index);
        return;
      }
      append(this.tails, host.slice(1), index);
      this.tailLengths.add(host.length - 1);
    });
  }

  /** Whether every name that `host` covers is covered by one of the hosts. */
  coversAll(host: string): boolean {
    return this.names.has(host) || this.wildcardsCovering(host).next().done === false;
  }

  /** The pairs of hosts that some name fits both of, as indexes, the smaller first, in order. */
  overlaps(): [number, number][] {
    const pairs: [number, number][] = [];
    for (const [index, host] of this.hosts.entries()) {
      const isWildcard = host.startsWith('*');
      const equals = isWildcard ? undefined : this.names.get(host);
      for (const other of equals ?? []) if (other < index) pairs.push([other, index]);
      for (const [tail, others] of this.wildcardsCovering(host)) {
        const isSame = isWildcard && tail.length === host.length - 1;
        for (const other of others) {
          // Equal wildcards cover each other: count the pair once.
          if (!isSame || other < index) pairs.push(other < index ? [other, index] : [index, other]);
        }
      }
      if (pairs.length > maxOverlaps) break;
    }
    return pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }

  /** The wildcards that cover all of a name or wildcard: their text and where they stand. */
  private *wildcardsCovering(host: string): Generator<[string, number[]]> {
    const text = host.startsWith('*') ? host.slice(1) : host;
    for (const length of this.tailLengths) {
      if (length > text.length) continue;
      const tail = text.slice(text.length - length);
      const found = this.tails.get(tail);
      if (found !== undefined) yield [tail, found];
    }
  }
}

function append(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [index]);
  else list.push(index);
}
