import { readFileSync } from 'node:fs';
import { text as readStream } from 'node:stream/consumers';
import type { X509Certificate } from 'node:crypto';
import pc from 'picocolors';
import { CertificateError } from '../../cluster/certificates/certificate-error.ts';
import { checkMaterial, type MaterialTexts } from '../../cluster/certificates/check-material.ts';
import { describeCertificate, timeBetween, type CertificateDescription } from '../../cluster/certificates/describe.ts';
import { certificatesOf } from '../../cluster/certificates/pem.ts';
import { secretResource, textsOf, type Secret } from '../../cluster/certificates/secret.ts';
import { secretKeys } from '../../cluster/certificates/self-signed-state.ts';
import { serviceHost } from '../../cluster/certificates/start.ts';
import { fileError } from '../../server/startup-error.ts';
import type { Terminal } from '../../server/terminal.ts';
import { withClient, type InstallationFlags } from '../examination/installation-flags.ts';
import { placeOf } from './place.ts';

export interface InspectFlags extends InstallationFlags {
  readonly key?: string;
  readonly ca?: string;
  readonly secret?: string;
}

/** Shows certificates of a file or of a Secret. Throws a {@link CertificateError} that says what is wrong with them. */
export async function inspectCertificates(
  file: string | undefined,
  flags: InspectFlags,
  terminal: Terminal,
): Promise<void> {
  const texts = file === undefined ? await readSecret(flags, terminal) : await readFiles(file, flags, terminal);
  const now = new Date();
  const host = serviceHost(placeOf(flags).serviceName, flags.namespace);
  const shown = [
    { place: texts.where.cert, text: texts.cert },
    ...(texts.ca === undefined ? [] : [{ place: texts.where.ca, text: texts.ca }]),
  ].flatMap(({ place, text }) => readable(text).map((one) => ({ place, ...describeCertificate(one, now) })));
  const problem = problemOf(texts, host, now);
  if (flags.output === 'json') {
    const verdict = problem === undefined ? null : { code: problem.code, message: problem.message };
    terminal.stdout.write(`${JSON.stringify({ host, certificates: shown, problem: verdict }, null, 2)}\n`);
  } else {
    const colors = pc.createColors(terminal.stdout.isTTY === true && pc.isColorSupported);
    for (const one of shown) terminal.stdout.write(blockOf(one, now, colors));
  }
  if (problem !== undefined) throw problem;
  if (flags.output === 'text') {
    terminal.stdout.write(
      texts.key === undefined ? 'Give --key to have the pair checked.\n' : `The API server can call ${host} with it.\n`,
    );
  }
}

/** Without a key there is no pair to check. */
function problemOf(texts: MaterialTexts, host: string, now: Date): CertificateError | undefined {
  if (texts.key === undefined && texts.cert !== undefined && readable(texts.cert).length > 0) return undefined;
  try {
    checkMaterial(texts, host, now);
    return undefined;
  } catch (error) {
    if (error instanceof CertificateError) return error;
    throw error;
  }
}

function readable(text: string | undefined): X509Certificate[] {
  try {
    return certificatesOf(text ?? '');
  } catch {
    return [];
  }
}

async function readFiles(file: string, { key, ca }: InspectFlags, { stdin }: Terminal): Promise<MaterialTexts> {
  return {
    cert: file === '-' ? await readStream(stdin) : read('certificate', file),
    key: key === undefined ? undefined : read('private key', key),
    ca: ca === undefined ? undefined : read('CA certificate', ca),
    where: { cert: file === '-' ? 'stdin' : file, key: key ?? 'the key', ca: ca ?? file },
  };
}

async function readSecret(flags: InspectFlags, terminal: Terminal): Promise<MaterialTexts> {
  const name = flags.secret ?? placeOf(flags).secretName;
  const secret = await withClient(flags, terminal, (client) =>
    client.get<Secret>(secretResource(flags.namespace), name),
  );
  const texts = textsOf(secret);
  const title = `Secret ${flags.namespace}/${name}`;
  const { cert, key, ca } = secretKeys;
  const where = { cert: `${cert} of ${title}`, key: `${key} of ${title}`, ca: `${ca} of ${title}` };
  return { cert: texts[cert], key: texts[key] ?? '', ca: texts[ca], where };
}

function read(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(what, file, error);
  }
}

function blockOf(
  one: CertificateDescription & { place: string },
  now: Date,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const end = new Date(one.notAfter);
  const left = {
    valid: colors.green(`${timeBetween(now, end)} left`),
    expired: colors.red(`expired ${timeBetween(now, end)} ago`),
    'not yet valid': colors.yellow(`not yet valid, begins in ${timeBetween(now, new Date(one.notBefore))}`),
  }[one.state];
  const rows = {
    subject: `${one.subject}${one.ca ? ' (a CA)' : ''}`,
    issuer: one.selfSigned ? 'itself' : one.issuer,
    ...(one.names.length === 0 ? {} : { names: one.names.join(', ') }),
    valid: `${one.notBefore} to ${one.notAfter}, ${left}`,
    key: one.key,
    serial: one.serialNumber,
    sha256: one.sha256,
  };
  const lines = Object.entries(rows).map(([name, value]) => `  ${name.padEnd(8)} ${value}`);
  return `${colors.bold(one.place)}\n${lines.join('\n')}\n\n`;
}
