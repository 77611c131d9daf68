/** Certificates that somebody else makes: an administrator or cert-manager, in a Secret or in files. */
import { readFileSync } from 'node:fs';
import { fileError } from '../../server/startup-error.ts';
import { watchFiles } from '../../server/watch-files.ts';
import type { ApiClient } from '../client.ts';
import { checkMaterial, type MaterialTexts } from './check-material.ts';
import { textsOf, watchSecret, type SecretPlace } from './secret.ts';
import { secretKeys } from './self-signed-state.ts';
import { messageOf, type CertificateSource, type SourceEvents } from './source.ts';

/** Takes `tls.crt`, `tls.key` and `ca.crt` of a Secret, as cert-manager writes them, and each change of it. */
export function secretSource(
  client: ApiClient,
  place: SecretPlace,
  host: string,
  events: SourceEvents,
): CertificateSource {
  const where = `${place.namespace}/${place.name}`;
  let looked: string | undefined;
  const watch = watchSecret(client, place, {
    onChange: () => {
      const secret = watch.secret();
      const version = secret?.metadata.resourceVersion ?? 'none';
      if (version === looked) return;
      looked = version;
      if (secret === undefined) {
        events.onProblem(`Secret ${where} does not exist: create it, or choose another with --certificates-secret`);
        return;
      }
      const texts = textsOf(secret);
      take(
        {
          cert: texts[secretKeys.cert],
          key: texts[secretKeys.key],
          ca: texts[secretKeys.ca],
          where: {
            cert: `${secretKeys.cert} of Secret ${where}`,
            key: `${secretKeys.key} of Secret ${where}`,
            ca: `${secretKeys.ca} of Secret ${where}`,
          },
        },
        host,
        events,
      );
    },
    onFailure: (error) => {
      events.onProblem(`cannot read Secret ${where}: ${messageOf(error)}`);
    },
  });
  return watch;
}

/** Files with a certificate, its key, and (where the chain does not end in it) the CA. */
export interface GivenFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** Takes files, and each change of them. */
export function fileSource(files: GivenFiles, host: string, events: SourceEvents): CertificateSource {
  const read = (): void => {
    try {
      const where = { cert: files.cert, key: files.key, ca: files.ca ?? files.cert };
      const ca = files.ca === undefined ? undefined : readText('CA certificate', files.ca);
      const cert = readText('serving certificate', files.cert);
      take({ cert, key: readText('private key', files.key), ca, where }, host, events);
    } catch (error) {
      events.onProblem(messageOf(error));
    }
  };
  read();
  const paths = [files.cert, files.key, ...(files.ca === undefined ? [] : [files.ca])];
  const watch = watchFiles(paths, read);
  return {
    stop: () => {
      watch.close();
    },
  };
}

function take(texts: MaterialTexts, host: string, events: SourceEvents): void {
  try {
    events.onMaterial(checkMaterial(texts, host, events.now()));
  } catch (error) {
    events.onProblem(messageOf(error));
  }
}

function readText(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(what, file, error);
  }
}
