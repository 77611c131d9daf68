/** Mounts and devices of a container against the volumes of its pod. */
import { fieldsOf, listOf, textOf, type Fields } from './fields.ts';
import type { ErrorReport } from './report.ts';
import { descendingPath, noBacksteps } from './syntax.ts';

/** Volumes without fault, by name. */
export type Volumes = ReadonlyMap<string, Fields>;

export function checkMounts(report: ErrorReport, container: Fields, volumes: Volumes, path: string): void {
  const devices = listOf(container, 'volumeDevices');
  const paths = new Set<string>();
  listOf(container, 'volumeMounts').forEach((mount, index) => {
    const at = `${path}.volumeMounts[${index}]`;
    const name = textOf(mount, 'name');
    const mountPath = textOf(mount, 'mountPath');
    if (name === '') report.required(`${at}.name`);
    else if (!volumes.has(name)) report.notFound(`${at}.name`, name);
    if (mountPath === '') report.required(`${at}.mountPath`);
    if (paths.has(mountPath)) report.invalid(`${at}.mountPath`, mountPath, 'must be unique');
    paths.add(mountPath);
    if (devices.some((device) => textOf(device, 'name') === name)) {
      report.invalid(`${at}.name`, name, 'must not already exist in volumeDevices');
    }
    if (devices.some((device) => textOf(device, 'devicePath') === mountPath)) {
      report.invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices');
    }
    checkSubPaths(report, mount, at);
    checkPropagation(report, mount, container, at);
  });
}

function checkSubPaths(report: ErrorReport, mount: Fields, path: string): void {
  const given = ['subPath', 'subPathExpr'].filter((name) => textOf(mount, name) !== '');
  for (const name of given) report.syntax(`${path}.${name}`, textOf(mount, name), descendingPath);
  if (given.length > 1) {
    report.invalid(
      `${path}.subPathExpr`,
      textOf(mount, 'subPathExpr'),
      'subPathExpr and subPath are mutually exclusive',
    );
  }
}

function checkPropagation(report: ErrorReport, mount: Fields, container: Fields, path: string): void {
  const propagation = mount['mountPropagation'];
  if (typeof propagation === 'string') {
    report.supported(`${path}.mountPropagation`, propagation, ['Bidirectional', 'HostToContainer', 'None']);
    const privileged = fieldsOf(container, 'securityContext')['privileged'] === true;
    if (propagation === 'Bidirectional' && !privileged) {
      report.forbidden(
        `${path}.mountPropagation`,
        'Bidirectional mount propagation is available only to privileged containers',
      );
    }
  }
  const recursive = mount['recursiveReadOnly'];
  if (typeof recursive !== 'string') return;
  report.supported(`${path}.recursiveReadOnly`, recursive, ['Disabled', 'Enabled', 'IfPossible']);
  if (recursive === 'Disabled') return;
  if (mount['readOnly'] !== true) {
    report.forbidden(`${path}.recursiveReadOnly`, 'may only be specified when readOnly is true');
  }
  if (propagation !== undefined && propagation !== 'None') {
    report.forbidden(
      `${path}.recursiveReadOnly`,
      'may only be specified when mountPropagation is None or not specified',
    );
  }
}

export function checkDevices(report: ErrorReport, container: Fields, volumes: Volumes, path: string): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  listOf(container, 'volumeDevices').forEach((device, index) => {
    const at = `${path}.volumeDevices[${index}]`;
    const name = textOf(device, 'name');
    const devicePath = textOf(device, 'devicePath');
    const volume = volumes.get(name);
    if (name === '') report.required(`${at}.name`);
    if (names.has(name)) report.invalid(`${at}.name`, name, 'must be unique');
    if (volume === undefined) report.notFound(`${at}.name`, name);
    else if (volume['persistentVolumeClaim'] == null && volume['ephemeral'] == null) {
      report.invalid(
        `${at}.name`,
        name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      );
    }
    if (devicePath === '') report.required(`${at}.devicePath`);
    else report.syntax(`${at}.devicePath`, devicePath, noBacksteps);
    if (paths.has(devicePath)) report.invalid(`${at}.devicePath`, devicePath, 'must be unique');
    names.add(name);
    paths.add(devicePath);
  });
}
