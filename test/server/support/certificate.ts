import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCertificate } from '../../../src/server/own-certificates.ts';
import type { ServingCertificate } from '../../../src/server/certificates.ts';

/** A fresh folder for the files of one test. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'outrigger-test-'));
}

/** A certificate with its own CA, valid now; its files are `tls.crt`, `tls.key` and `ca.crt` in the returned folder. */
export async function testCertificate(): Promise<ServingCertificate & { folder: string }> {
  const folder = join(scratchFolder(), 'certificate');
  return { ...(await ownCertificate(folder, new Date())), folder };
}
