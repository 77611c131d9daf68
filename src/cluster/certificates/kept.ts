/**
 * The serving certificate and its key in a file, for a start while the API server is away: without them a configuration that was kept
 * could not be served. Whoever can read the file can stand in for the webhook, so that it belongs on a volume in memory.
 */
import { isRecord } from '../../yaml/index.ts';
import { ApiError } from '../api-error.ts';
import type { ApiClient } from '../client.ts';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';
import { checkMaterial, type Material } from './check-material.ts';
import { secretResource, type SecretPlace } from './secret.ts';

const version = 1;
const maxBytes = 1024 * 1024;

/** Where the certificate is kept, beside the last good state. */
export function keptCertificatePath(lastGoodFile: string): string {
  return `${lastGoodFile}.certificate`;
}

/** Writes the file in one step; only we may read it. */
export async function writeKept(path: string, { cert, key, caBundle }: Material): Promise<void> {
  await writePrivateFile(path, JSON.stringify({ version, cert, key, caBundle }));
}

/**
 * Reads the file; `undefined` when there is none.
 * @param host the name under which the API server calls us
 * @throws {Error} one sentence on why it cannot be used; never a part of the key
 */
export async function readKept(path: string, host: string, now: Date): Promise<Material | undefined> {
  const text = await readPrivateFile(path, maxBytes);
  if (text === undefined) return undefined;
  const content = parse(text);
  if (!isRecord(content) || content['version'] !== version) {
    throw new Error(`${path} is not a certificate that was saved by this version`);
  }
  const { cert, key, caBundle } = content;
  const where = { cert: path, key: path, ca: path };
  return checkMaterial({ cert: textOf(cert), key: textOf(key), ca: textOf(caBundle), where }, host, now);
}

/** Whether the API server is away, and not the Secret alone: then the kept certificate helps. */
export async function isAway(client: ApiClient, { namespace, name }: SecretPlace): Promise<boolean> {
  try {
    await client.get(secretResource(namespace), name);
    return false;
  } catch (error) {
    return !(error instanceof ApiError) || error.status >= 500;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
