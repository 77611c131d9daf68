/** The last good state of the cluster in a file, for a start while the API server is away. */
import type { SourceText } from '../configuration/index.ts';
import { isRecord, type JsonRecord } from '../yaml/index.ts';
import type { ConfigurationTexts } from './configuration-texts.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** What an injection depends on in a cluster: configuration, and objects as they are kept. Holds no secrets. */
export interface GoodState {
  readonly texts: ConfigurationTexts;
  readonly objects: readonly JsonRecord[];
}

/** Whose state it is: that of another revision or cluster is of no use. */
export interface StateOwner {
  readonly revision: string;
  readonly clusterId: string;
}

/** Form of the file. */
const version = 1;

/** Ten times the state of a cluster with 10,000 namespaces and 5,000 nodes. */
const maxBytes = 64 * 1024 * 1024;

/** Writes the file so that a reader, or a crash, sees the old or the new one; only we may read it. */
export async function writeLastGood(path: string, owner: StateOwner, state: GoodState, now: Date): Promise<void> {
  await writePrivateFile(path, JSON.stringify({ version, savedAt: now.toISOString(), ...owner, ...state }));
}

/**
 * Reads the file; `undefined` when there is none.
 * @throws {Error} with one sentence on why it cannot be used
 */
export async function readLastGood(
  path: string,
  owner: StateOwner,
): Promise<(GoodState & { readonly savedAt: Date }) | undefined> {
  const text = await readPrivateFile(path, maxBytes);
  if (text === undefined) return undefined;
  const content = parse(text);
  if (content === undefined) throw new Error(`${path} is not a state that was saved by this version`);
  if (content.owner.revision !== owner.revision || content.owner.clusterId !== owner.clusterId) {
    const { revision, clusterId } = content.owner;
    throw new Error(`${path} is the state of revision "${revision}" in cluster "${clusterId}"`);
  }
  return content;
}

function parse(text: string): (GoodState & { savedAt: Date; owner: StateOwner }) | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(content) || content['version'] !== version) return undefined;
  const { savedAt, revision, clusterId, texts, objects } = content;
  if (typeof savedAt !== 'string' || typeof revision !== 'string' || typeof clusterId !== 'string') return undefined;
  if (!isTexts(texts) || !Array.isArray(objects) || !objects.every(isRecord)) return undefined;
  return { texts, objects, savedAt: new Date(savedAt), owner: { revision, clusterId } };
}

function isTexts(value: unknown): value is ConfigurationTexts {
  if (!isRecord(value)) return false;
  const { config, values, mesh } = value;
  return isSource(config) && isSource(values) && Array.isArray(mesh) && mesh.every(isSource);
}

function isSource(value: unknown): value is SourceText {
  return isRecord(value) && typeof value['file'] === 'string' && typeof value['text'] === 'string';
}
