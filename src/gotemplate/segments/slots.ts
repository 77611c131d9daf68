/** The data of a template cut into slots: parts that are compared to find out what is new since the last time. */
import type { SidecarTemplateData } from '../injection-data.ts';
import { anyKey, pointedTo, projectionOf, type Place } from '../reads/index.ts';

/** What stands in a slot; equal (`===`) where the templates cannot tell a difference. */
type ReadSlot = (data: SidecarTemplateData) => unknown;

/** The parts that hold the pod: each of their fields has a slot, or one for each key that is read. */
const podParts: ReadonlySet<string> = new Set(['ObjectMeta', 'Spec']);
/** The small parts, whose objects are made anew for each request. */
const smallParts: ReadonlySet<string> = new Set(['TypeMeta', 'DeploymentMeta']);

/** Whether requests share what stands in a part: an object that is another one when anything in it is, or a scalar. */
export const isSharedPart = (part: string): boolean => !podParts.has(part) && !smallParts.has(part);

type Fields = Readonly<Record<string, unknown>>;

/** The slots that one template reads. */
export class Slots {
  readonly #reads: ReadSlot[] = [];
  readonly #indexes = new Map<Place, number>();
  /** Maps whose entries have slots of their own, beside the one that says whether there are any. */
  readonly #keyed = new Set<Place>();
  readonly #root: Place;

  /** `root`: all that the template reads. */
  constructor(root: Place) {
    this.#root = root;
    for (const place of root.children.values()) this.#addPart(place);
  }

  read(data: SidecarTemplateData): readonly unknown[] {
    return this.#reads.map((read) => read(data));
  }

  /** The slots that a part of the template reads, of which `root` is known; undefined where it may be any. */
  of(root: Place): ReadonlySet<number> | undefined {
    const found = new Set<number>();
    return this.#collect(this.#root, root, found) ? found : undefined;
  }

  #collect(known: Place, place: Place, found: Set<number>): boolean {
    const index = this.#indexes.get(known);
    if (index !== undefined) found.add(index);
    if (index !== undefined && !this.#keyed.has(known)) return true;
    if (place.isWhole) return false;
    return [...place.children.values()].every((child) => {
      const same = known.children.get(child.key);
      return same !== undefined && this.#collect(same, child, found);
    });
  }

  #add(place: Place, read: ReadSlot): void {
    this.#indexes.set(place, this.#reads.push(read) - 1);
  }

  #addPart(place: Place): void {
    const part = place.key as keyof SidecarTemplateData;
    if (place.isWhole || !podParts.has(part)) {
      const project = podParts.has(part) || smallParts.has(part) ? projectionOf(place) : undefined;
      this.#add(place, project === undefined ? (data) => data[part] : (data) => project(data[part]));
      return;
    }
    for (const field of place.children.values()) this.#addField(part, place, field);
  }

  #addField(part: keyof SidecarTemplateData, { type }: Place, place: Place): void {
    const field = type === undefined ? undefined : pointedTo(type).fields.get(place.key as string);
    if (field === undefined) return;
    const get: ReadSlot = (data) => field.get(data[part] as object);
    if (!isKeyed(place)) {
      const project = projectionOf(place);
      this.#add(place, (data) => project(get(data)));
      return;
    }
    this.#keyed.add(place);
    this.#add(place, (data) => stateOf(get(data)));
    for (const entry of place.children.values()) {
      const key = entry.key as string;
      const project = projectionOf(entry);
      this.#add(entry, (data) => {
        const map = get(data) as Fields | null | undefined;
        return map != null && Object.hasOwn(map, key) ? project(map[key]) : undefined;
      });
    }
  }
}

/** Whether only certain entries of a map are read, as of labels. */
function isKeyed({ isWhole, children, type }: Place): boolean {
  return !isWhole && type !== undefined && pointedTo(type).kind === 'map' && !children.has(anyKey);
}

function stateOf(map: unknown): unknown {
  return typeof map === 'object' && map !== null ? Object.keys(map).length > 0 : map;
}
