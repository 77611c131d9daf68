/** The final order of containers: who starts before whom. */
import type { Container, Pod } from '../../kubernetes/index.ts';
import { findContainer, moveContainer, withList, type Place } from '../containers.ts';
import { container } from '../names.ts';

type Moves = readonly (readonly [name: string, place: Place])[];

/** With a native proxy: traffic capture, then the proxy, so that all other init containers are part of the mesh. */
const nativeMoves: Moves = [
  [container.coreDump, 'first'],
  [container.proxy, 'first'],
  [container.validation, 'first'],
  [container.init, 'first'],
];

/** Else: validation first, since it guards the others; traffic capture last, since nothing can connect before the proxy runs. */
const classicMoves: Moves = [
  [container.validation, 'first'],
  [container.init, 'last'],
  [container.coreDump, 'last'],
];

/**
 * Orders the containers.
 * @param holdApplication the application waits for the proxy: then the proxy is the first container, else the last, so that
 *   commands which take the first container keep finding the application's
 */
export function orderContainers(pod: Pod, holdApplication: boolean): Pod {
  const containers = pod.spec.containers ?? [];
  const init = pod.spec.initContainers ?? [];
  const moves = findContainer(init, container.proxy) === undefined ? classicMoves : nativeMoves;
  const ordered = withList(
    pod,
    'containers',
    move(containers, [[container.proxy, holdApplication ? 'first' : 'last']]),
  );
  return init.length === 0 ? ordered : withList(ordered, 'initContainers', move(init, moves));
}

function move(list: readonly Container[], moves: Moves): Container[] {
  return moves
    .reduce((current: readonly Container[], [name, place]) => moveContainer(current, name, place), list)
    .slice();
}
