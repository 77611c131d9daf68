/** Volumes and what they are made of. */
import { billionths } from './amount.ts';
import { checkFieldRef, checkResourceFieldRef } from './environment.ts';
import { fieldsOf, listOf, numberOf, part, textOf, textsOf, type Fields } from './fields.ts';
import { checkAnnotations, checkLabels } from './metadata.ts';
import type { Volumes } from './mounts.ts';
import type { ErrorReport } from './report.ts';
import { dnsLabel, filePath, noBacksteps } from './syntax.ts';

type Check = (report: ErrorReport, source: Fields, path: string) => void;

const MAX_FILE_MODE = 0o777;

/** Checks the volumes; gives those without fault. */
export function checkVolumes(report: ErrorReport, spec: Fields): Volumes {
  const volumes = new Map<string, Fields>();
  listOf(spec, 'volumes').forEach((volume, index) => {
    const path = `spec.volumes[${index}]`;
    const before = report.errors.length;
    checkSource(report, volume, path);
    const name = textOf(volume, 'name');
    if (name === '') report.required(`${path}.name`);
    else report.syntax(`${path}.name`, name, dnsLabel);
    if (volumes.has(name)) report.duplicate(`${path}.name`, name);
    if (report.errors.length === before) volumes.set(name, volume);
  });
  return volumes;
}

/** The kinds of volumes that have more rules than texts that must be there. */
const checks: Readonly<Record<string, Check>> = {
  emptyDir: (report, source, path) => {
    const limit = textOf(source, 'sizeLimit');
    if (limit !== '' && billionths(limit) < 0n) {
      report.forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
    }
  },
  hostPath: (report, source, path) => {
    report.syntax(`${path}.path`, textOf(source, 'path'), noBacksteps);
    const types = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];
    report.supported(`${path}.type`, textOf(source, 'type'), types);
  },
  secret: checkItems,
  configMap: checkItems,
  downwardAPI: (report, source, path) => {
    checkMode(report, source, 'defaultMode', path);
    checkDownwardFiles(report, source, path);
  },
  projected: (report, source, path) => {
    checkMode(report, source, 'defaultMode', path);
    checkProjections(report, source, path);
  },
  nfs: (report, source, path) => {
    const at = textOf(source, 'path');
    if (!at.startsWith('/')) report.invalid(`${path}.path`, at, 'must be an absolute path');
  },
  ephemeral: checkClaimTemplate,
  image: (report, source, path) => {
    const policy = textOf(source, 'pullPolicy') || 'IfNotPresent';
    report.supported(`${path}.pullPolicy`, policy, ['Always', 'IfNotPresent', 'Never']);
  },
  rbd: monitored,
  cephfs: monitored,
};

/** Texts that each kind of volume must have. */
const required: Readonly<Record<string, readonly string[]>> = {
  emptyDir: [],
  hostPath: ['path'],
  gitRepo: ['repository'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  secret: ['secretName'],
  nfs: ['server', 'path'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  flocker: [],
  persistentVolumeClaim: ['claimName'],
  rbd: ['image'],
  cinder: ['volumeID'],
  cephfs: [],
  quobyte: ['registry', 'volume'],
  downwardAPI: [],
  fc: [],
  flexVolume: ['driver'],
  configMap: ['name'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  storageos: ['volumeName'],
  projected: [],
  scaleIO: ['gateway', 'system', 'volumeName'],
  csi: ['driver'],
  ephemeral: [],
  image: ['reference'],
};

/** A volume without any source is an emptyDir. */
function checkSource(report: ErrorReport, volume: Fields, path: string): void {
  const kinds = Object.keys(required).filter((kind) => part(volume, kind) !== undefined);
  for (const kind of kinds.slice(1)) report.forbidden(`${path}.${kind}`, 'may not specify more than 1 volume type');
  const [kind] = kinds;
  if (kind === undefined) return;
  const source = fieldsOf(volume, kind);
  for (const name of required[kind] ?? []) if (textOf(source, name) === '') report.required(`${path}.${kind}.${name}`);
  checks[kind]?.(report, source, `${path}.${kind}`);
}

function monitored(report: ErrorReport, source: Fields, path: string): void {
  if (textsOf(source, 'monitors').length === 0) report.required(`${path}.monitors`);
}

function checkMode(report: ErrorReport, fields: Fields, name: string, path: string): void {
  const mode = numberOf(fields, name);
  if (mode !== undefined && (mode < 0 || mode > MAX_FILE_MODE)) {
    report.invalid(`${path}.${name}`, mode, 'must be a number between 0 and 0777 (octal), both inclusive');
  }
}

function checkItems(report: ErrorReport, source: Fields, path: string): void {
  checkMode(report, source, 'defaultMode', path);
  listOf(source, 'items').forEach((item, index) => {
    const at = `${path}.items[${index}]`;
    for (const name of ['key', 'path']) if (textOf(item, name) === '') report.required(`${at}.${name}`);
    report.syntax(`${at}.path`, textOf(item, 'path'), filePath);
    checkMode(report, item, 'mode', at);
  });
}

const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function checkDownwardFiles(report: ErrorReport, source: Fields, path: string): void {
  listOf(source, 'items').forEach((file, index) => {
    const at = `${path}.items[${index}]`;
    const name = textOf(file, 'path');
    if (name === '') report.required(`${at}.path`);
    else report.syntax(`${at}.path`, name, filePath);
    const field = part(file, 'fieldRef');
    const resource = part(file, 'resourceFieldRef');
    if (field !== undefined) {
      checkFieldRef(report, field, `${at}.fieldRef`, volumeFields);
      if (resource !== undefined) {
        report.invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
      }
    } else if (resource !== undefined) checkResourceFieldRef(report, resource, `${at}.resourceFieldRef`, true);
    else report.required(at, 'one of fieldRef and resourceFieldRef is required');
    checkMode(report, file, 'mode', at);
  });
}

const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;

/** The kinds of projections; those behind features that are off by default are pruned. */
const projections: Readonly<Record<string, Check>> = {
  secret: (report, source, path) => {
    if (textOf(source, 'name') === '') report.required(`${path}.name`);
    checkItems(report, source, path);
  },
  configMap: (report, source, path) => {
    if (textOf(source, 'name') === '') report.required(`${path}.name`);
    checkItems(report, source, path);
  },
  downwardAPI: checkDownwardFiles,
  serviceAccountToken: (report, source, path) => {
    const seconds = numberOf(source, 'expirationSeconds');
    if (seconds !== undefined && seconds < MIN_TOKEN_SECONDS) {
      report.invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes');
    }
    if (seconds !== undefined && seconds > MAX_TOKEN_SECONDS) {
      report.invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds');
    }
    checkPath(report, source, path);
  },
};

function checkPath(report: ErrorReport, source: Fields, path: string): void {
  const value = textOf(source, 'path');
  if (value === '') report.required(`${path}.path`);
  else report.syntax(`${path}.path`, value, filePath);
}

function checkProjections(report: ErrorReport, projected: Fields, path: string): void {
  const files = new Set<string>();
  listOf(projected, 'sources').forEach((source, index) => {
    const at = `${path}.sources[${index}]`;
    const kinds = Object.keys(projections).filter((kind) => part(source, kind) !== undefined);
    for (const kind of kinds) {
      const projection = fieldsOf(source, kind);
      projections[kind]?.(report, projection, `${at}.${kind}`);
      for (const file of filesOf(projection)) {
        if (files.has(file)) report.invalid(path, file, 'conflicting duplicate paths');
        files.add(file);
      }
    }
    if (kinds.length > 1) report.forbidden(at, 'may not specify more than 1 volume type per source');
  });
}

/** The API server does not look at the file of a token here. */
function filesOf(projection: Fields): string[] {
  return listOf(projection, 'items')
    .map((item) => textOf(item, 'path'))
    .filter((file) => file !== '');
}

function checkClaimTemplate(report: ErrorReport, source: Fields, path: string): void {
  const template = part(source, 'volumeClaimTemplate');
  if (template === undefined) {
    report.required(`${path}.volumeClaimTemplate`);
    return;
  }
  const at = `${path}.volumeClaimTemplate`;
  const metadata = fieldsOf(template, 'metadata');
  checkLabels(report, metadata, `${at}.metadata`);
  checkAnnotations(report, metadata, `${at}.metadata`);
  const spec = fieldsOf(template, 'spec');
  const modes = textsOf(spec, 'accessModes');
  if (modes.length === 0) report.required(`${at}.spec.accessModes`, 'at least 1 access mode is required');
  for (const mode of modes) {
    report.supported(`${at}.spec.accessModes`, mode, [
      'ReadOnlyMany',
      'ReadWriteMany',
      'ReadWriteOnce',
      'ReadWriteOncePod',
    ]);
  }
  if (textOf(fieldsOf(fieldsOf(spec, 'resources'), 'requests'), 'storage') === '') {
    report.required(`${at}.spec.resources[storage]`);
  }
}
