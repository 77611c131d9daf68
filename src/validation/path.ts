/**
 * The place of a value inside an object, as a chain from the value up to the root.
 *
 * Paths are made on the way down through an object, long before anybody knows whether something is wrong there; so a
 * step is one small allocation and the text is only built when an issue is shown.
 */
export class FieldPath {
  private readonly parent: FieldPath | undefined;
  /** Field name or map key (string), or list index (number). */
  readonly key: string | number;
  /** Whether the step is an entry of a map. */
  readonly isMapKey: boolean;

  private constructor(parent: FieldPath | undefined, key: string | number, isMapKey: boolean) {
    this.parent = parent;
    this.key = key;
    this.isMapKey = isMapKey;
  }

  /** A top-level field of the object, such as `spec`. */
  static root(name: string): FieldPath {
    return new FieldPath(undefined, name, false);
  }

  /** A field of the message here (JSON name), or an item of the list here. */
  at(key: string | number): FieldPath {
    return new FieldPath(this, key, false);
  }

  /** An entry of the map here. */
  entry(key: string): FieldPath {
    return new FieldPath(this, key, true);
  }

  /** The steps from the root, each seen as the path that ends with it. */
  steps(): FieldPath[] {
    return this.parent === undefined ? [this] : [...this.parent.steps(), this];
  }

  /** The keys from the root, e.g. `['spec', 'http', 0, 'route', 1, 'weight']`. */
  segments(): (string | number)[] {
    return this.steps().map((step) => step.key);
  }

  /** Kubernetes field notation (`k8s.io/apimachinery/pkg/util/validation/field`): `spec.http[0].match[0].headers[x-user]`. */
  toString(): string {
    if (this.parent === undefined) return String(this.key);
    const bracketed = this.isMapKey || typeof this.key === 'number';
    return bracketed ? `${this.parent.toString()}[${this.key}]` : `${this.parent.toString()}.${this.key}`;
  }
}

/** Where specs begin: `spec`. */
export const specPath = FieldPath.root('spec');

/** Where metadata begins: `metadata`. */
export const metadataPath = FieldPath.root('metadata');
