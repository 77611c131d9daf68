import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { carryOut } from '../../cluster/certificates/rotation.ts';
import { dataOf } from '../../cluster/certificates/secret.ts';
import { secretKeys, writeSelfSignedState } from '../../cluster/certificates/self-signed-state.ts';
import { servingNames } from '../../cluster/certificates/start.ts';
import { fileError, StartupError } from '../../server/startup-error.ts';
import type { Terminal } from '../../server/terminal.ts';
import { encodeYaml } from '../../yaml/index.ts';
import { placeOf, type PlaceFlags } from './place.ts';

export interface CreateFlags extends PlaceFlags {
  readonly dnsName?: readonly string[];
  /** Milliseconds. */
  readonly caLifetime?: number;
  /** Milliseconds. */
  readonly certificateLifetime?: number;
  readonly directory?: string;
  readonly force: boolean;
}

/** Makes a CA and a certificate, and writes them where the flags say. */
export async function createCertificates(
  flags: CreateFlags & { readonly caLifetime: number; readonly certificateLifetime: number },
  { stdout, stderr }: Terminal,
): Promise<void> {
  const { serviceName, secretName } = placeOf(flags);
  const state = await carryOut(
    { reason: 'first', kept: [], signer: 'new', addsSuccessor: false },
    {
      now: new Date(),
      lifetimes: { ca: flags.caLifetime, certificate: flags.certificateLifetime },
      names: servingNames(serviceName, flags.namespace, flags.dnsName),
      isTrusted: () => true,
    },
  );
  const texts = writeSelfSignedState(state);
  if (flags.directory !== undefined) {
    writeFolder(flags.directory, texts, flags.force);
    stderr.write(`Wrote ${Object.keys(texts).join(', ')} to ${flags.directory}.\n`);
    return;
  }
  const metadata = { name: secretName, namespace: flags.namespace };
  stdout.write(
    encodeYaml({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data: dataOf(texts) }),
  );
}

/** All or nothing where files exist; keys are for their owner alone. */
function writeFolder(folder: string, texts: Readonly<Record<string, string>>, force: boolean): void {
  const existing = Object.keys(texts).find((name) => existsSync(join(folder, name)));
  if (existing !== undefined && !force) {
    throw new StartupError('FILE_EXISTS', `${join(folder, existing)} exists: use --force to replace it`);
  }
  for (const [name, text] of Object.entries(texts)) {
    const isKey = name === secretKeys.key || name === secretKeys.caKey;
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), text, { mode: isKey ? 0o600 : 0o644 });
    } catch (error) {
      throw fileError('file', join(folder, name), error, 'write');
    }
  }
}
