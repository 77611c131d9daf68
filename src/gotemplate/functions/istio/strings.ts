/** Istio's functions over text: traffic lists, paths, CNI networks; and those that replace sprig's of the same name. */
import { decodeJson } from '../../../go/json-decode.ts';
import { toLower, trimSpace } from '../../../go/unicode.ts';
import { normalizeBytes } from '../../../go/utf8.ts';
import { sprint1 } from '../../format/print.ts';
import { define, defineWithContext } from '../../function.ts';
import { isPlainMap, type GoValue } from '../../values.ts';
import { lookup } from '../maps.ts';
import { repeatText, replaceAll } from '../sprig/strings.ts';

/** Adds a port to a comma list, unless there is none to add or it is there in exactly this form. */
function excludeInboundPort(port: GoValue, list: string): string {
  const added = trimSpace(sprint1(port));
  if (added === '' || added === '0') return list;
  const elements = list.split(',');
  if (elements.includes(added)) return list;
  return [...elements.map(trimSpace).filter((element) => element !== ''), added].join(',');
}

/** Like sprig's but the first line stays; the number's sign does not count. */
function indent(spaces: bigint, text: string): string {
  return replaceAll(text, '\n', `\n${repeatText(' ', spaces < 0n ? -spaces : spaces)}`);
}

const directory = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Adds a network to Multus' `k8s.v1.cni.cncf.io/networks`, which is a comma list or a JSON array, unless it is there. */
function appendMultusNetwork(existing: string, network: string): string {
  if (existing === '') return network;
  const end = existing.lastIndexOf(']');
  if (end >= 0) return appendToJson(existing, end, network);
  const known = existing.split(',').some((element) => trimSpace(element) === network);
  return known ? existing : `${existing}, ${network}`;
}

function appendToJson(existing: string, end: number, network: string): string {
  const { value, error } = decodeJson(existing);
  if (error !== undefined || !isNetworkList(value)) return existing;
  const slash = network.indexOf('/');
  const namespace = slash < 0 ? '' : network.slice(0, slash);
  const name = network.slice(slash + 1);
  const known = value.some(
    (entry) => (lookup(entry, 'name') ?? '') === name && (lookup(entry, 'namespace') ?? '') === namespace,
  );
  if (known) return existing;
  const inNamespace = namespace === '' ? '' : `, "namespace": "${namespace}"`;
  return `${existing.slice(0, end)}, {"name": "${name}"${inNamespace}}${existing.slice(end)}`;
}

type Network = Readonly<Record<string, unknown>> | null;

const isNetworkList = (value: unknown): value is readonly Network[] =>
  Array.isArray(value) && value.every((entry) => entry === null || isPlainMap(entry));

export const istioStringFunctions = [
  define('excludeInboundPort', 'func(interface {}, string) string', excludeInboundPort),
  define('kubevirtInterfaces', 'func(string) string', (interfaces: string) => interfaces),
  define('excludeInterfaces', 'func(string) string', (interfaces: string) => interfaces),
  define('indent', 'func(int, string) string', indent),
  define('directory', 'func(string) string', directory),
  define('contains', 'func(string, string) bool', (part: string, text: string) => normalizeBytes(text).includes(part)),
  define('toLower', 'func(string) string', toLower),
  define('appendMultusNetwork', 'func(string, string) string', appendMultusNetwork),
  defineWithContext(
    'env',
    'func(string, string) string',
    ({ env }, name: string, fallback: string) => lookup(env, name) || fallback,
  ),
];
