/** The value of `ISTIO_KUBE_APP_PROBERS`: for each rewritten probe, what the agent has to ask the application. */
import { decodeJson } from '../../go/json-decode.ts';
import { encodeJson, JsonFields, type JsonTree } from '../../go/json-encode.ts';
import {
  DecodeError,
  decodeTyped,
  type Container,
  type LifecycleHandler,
  type Pod,
  type Probe,
} from '../../kubernetes/index.ts';
import { isRecord } from '../../yaml/index.ts';
import { mapOf } from '../maps.ts';
import { container as names } from '../names.ts';
import { lifecyclePaths, probePaths } from './probe-paths.ts';

/** An entry: a probe with its port as a number. */
export type Prober = Pick<Probe, 'httpGet' | 'tcpSocket' | 'grpc' | 'timeoutSeconds'>;

/** Entries by the path under which the agent serves them. */
export type Probers = Readonly<Record<string, Prober | null>>;

/**
 * What is to be served for the probes of a pod. Left out: probes that run a command; unknown port names; HTTP and TCP probes that
 * already ask the agent.
 */
export function proberEntries({ spec }: Pod, agentPort: number): Probers {
  const all = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  return mapOf(...all.filter(({ name }) => name !== names.proxy).map((item) => entriesOf(item, agentPort)));
}

function* entriesOf(item: Container, agentPort: number): Generator<[string, Prober]> {
  const { name } = item;
  for (const { field, path } of probePaths) {
    const entry = probeEntry(item[field], item, agentPort);
    if (entry !== undefined) yield [path(name), entry];
  }
  for (const { field, path } of lifecyclePaths) {
    const entry = handlerEntry(item.lifecycle?.[field], item, agentPort);
    if (entry !== undefined) yield [path(name), entry];
  }
}

/** Of several handlers, which a template may bring about, the first one counts. */
function probeEntry(probe: Probe | undefined, item: Container, agentPort: number): Prober | undefined {
  if (probe === undefined) return undefined;
  const { httpGet, tcpSocket, grpc, timeoutSeconds } = probe;
  const asked = handlerEntry({ httpGet, tcpSocket }, item, agentPort);
  if (httpGet !== undefined || tcpSocket !== undefined) return asked && { ...asked, timeoutSeconds };
  return grpc && { grpc, timeoutSeconds };
}

function handlerEntry(handler: LifecycleHandler | undefined, item: Container, agentPort: number): Prober | undefined {
  const asked = handler?.httpGet ?? handler?.tcpSocket;
  if (asked === undefined) return undefined;
  const port = portOf(asked.port ?? 0, item);
  // A number that is the agent's own port has been rewritten before.
  if (port === undefined || asked.port === agentPort) return undefined;
  return handler?.httpGet === undefined ? { tcpSocket: { ...asked, port } } : { httpGet: { ...asked, port } };
}

function portOf(port: number | string, item: Container): number | undefined {
  return typeof port === 'string' ? namedPort(item, port) : port;
}

/** The port of a name; the last one where several share it. */
function namedPort(item: Container, name: string): number | undefined {
  if (name === '') return undefined;
  const found = item.ports?.findLast((port) => port.name === name);
  return found === undefined ? undefined : (found.containerPort ?? 0);
}

/** The entries as Go writes them: keys sorted, fields in declaration order, `service` of gRPC always. */
export function proberText(entries: Probers): string {
  return encodeJson(mapOf(Object.entries(entries).map(([path, entry]) => [path, proberTree(entry)] as const)));
}

function proberTree(prober: Prober | null): JsonTree {
  if (prober === null) return null;
  const { httpGet, tcpSocket, grpc, timeoutSeconds } = prober;
  return fields([
    ['httpGet', httpGet && httpTree(httpGet)],
    [
      'tcpSocket',
      tcpSocket &&
        fields([
          ['port', portTree(tcpSocket.port)],
          ['host', text(tcpSocket.host)],
        ]),
    ],
    [
      'grpc',
      grpc &&
        new JsonFields([
          ['port', BigInt(grpc.port ?? 0)],
          ['service', grpc.service ?? null],
        ]),
    ],
    ['timeoutSeconds', timeoutSeconds === undefined || timeoutSeconds === 0 ? undefined : BigInt(timeoutSeconds)],
  ]);
}

function httpTree({ path, port, host, scheme, httpHeaders }: NonNullable<Probe['httpGet']>): JsonTree {
  const headers = httpHeaders?.map(
    ({ name = '', value = '' }) =>
      new JsonFields([
        ['name', name],
        ['value', value],
      ]),
  );
  return fields([
    ['path', text(path)],
    ['port', portTree(port)],
    ['host', text(host)],
    ['scheme', text(scheme)],
    ['httpHeaders', headers?.length === 0 ? undefined : headers],
  ]);
}

const text = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

const portTree = (port: string | number | undefined): JsonTree => (typeof port === 'string' ? port : BigInt(port ?? 0));

/** A struct without its empty fields. */
function fields(entries: readonly (readonly [string, JsonTree])[]): JsonFields {
  return new JsonFields(entries.filter(([, value]) => value !== undefined));
}

/**
 * Adds entries to a text that an earlier injection wrote; known keys win. `undefined` when the text cannot be read.
 */
export function mergeProbers(known: string, entries: Probers, warnings: string[]): string | undefined {
  const earlier = readProbers(known);
  if (typeof earlier !== 'string') return proberText(mapOf(Object.entries(entries), Object.entries(earlier)));
  warnings.push(`failed to unmarshal existing kubeAppProbers ${earlier}`);
  return undefined;
}

/** The entries of a text, or what is wrong with it. Keys of entries are matched without regard to case, as Go does. */
function readProbers(text: string): Probers | string {
  const { value, error } = decodeJson(text);
  if (error !== undefined) return error;
  if (value === null) return {};
  if (!isRecord(value)) return 'json: cannot unmarshal the probers into a Go map';
  try {
    return mapOf(
      Object.entries(value).map(([path, entry]) => [path, entry === null ? null : readProber(entry)] as const),
    );
  } catch (failure) {
    if (failure instanceof DecodeError) return failure.message;
    throw failure;
  }
}

/** A probe has the fields of an entry and more; those more are not written. */
function readProber(entry: unknown): Prober {
  const { httpGet, tcpSocket, grpc, timeoutSeconds } = decodeTyped('v1.Probe', entry) as Probe;
  return { httpGet, tcpSocket, grpc, timeoutSeconds };
}
