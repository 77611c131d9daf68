/** Pods of many shapes, those that concern the most pods first. */
import { containerShapes } from './containers.ts';
import { ownProxyShapes } from './own-proxy.ts';
import { ownerShapes } from './owners.ts';
import { podShapes } from './pods.ts';
import { plainShape, type CanaryShape } from './shape.ts';

export { mendedShapes } from './mended.ts';
export { gatewayShape, plainShape, type CanaryShape } from './shape.ts';

/** Those that are tried with and without native sidecars. */
export const canaryShapes: readonly CanaryShape[] = [
  plainShape,
  ...podShapes,
  ...containerShapes,
  ...ownerShapes,
  ...ownProxyShapes,
];
