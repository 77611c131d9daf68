/** An overlay that cannot be put onto a pod. The message is the one Istio's injector gives. */
export class OverlayError extends Error {
  override readonly name = 'OverlayError';
  /** `merge`: the overlay or a directive in it is wrong; `decode`: the merged object is no valid pod. */
  readonly phase: 'merge' | 'decode';

  constructor(phase: 'merge' | 'decode', cause: string) {
    super(`${phase === 'merge' ? 'strategic merge' : 'unmarshal patched pod'}: ${cause}`);
    this.phase = phase;
  }
}

/** What is wrong with a patch, in the words of k8s.io/apimachinery/pkg/util/strategicpatch. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}
