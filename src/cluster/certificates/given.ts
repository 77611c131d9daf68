/** Certificates that somebody else makes: an administrator or cert-manager, in a Secret or in files. */
import { readFileSync } from 'node:fs';
import { fileError } from '../../server/startup-error.ts';
import { watchFiles } from '../../server/watch-files.ts';
import type { ApiClient } from '../client.ts';
import { CertificateError } from './certificate-error.ts';
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
  const title = `Secret ${place.namespace}/${place.name}`;
  const taker = new Taker(host, events, () => {
    const secret = watch.secret();
    if (secret === undefined)
      throw new Error(`${title} does not exist: create it, or choose another with --certificates-secret`);
    const texts = textsOf(secret);
    const { cert, key, ca } = secretKeys;
    const where = { cert: `${cert} of ${title}`, key: `${key} of ${title}`, ca: `${ca} of ${title}` };
    return { cert: texts[cert], key: texts[key], ca: texts[ca], where };
  });
  const watch = watchSecret(client, place, {
    onChange: taker.take,
    onFailure: (error) => {
      events.onProblem(`cannot read ${title}: ${messageOf(error)}`);
    },
  });
  return {
    stop: () => {
      taker.stop();
      watch.stop();
    },
  };
}

/** Files with a certificate, its key, and (where the chain does not end in it) the CA. */
export interface GivenFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** Takes files, and each change of them. */
export function fileSource(files: GivenFiles, host: string, events: SourceEvents): CertificateSource {
  const taker = new Taker(host, events, () => ({
    cert: readText('serving certificate', files.cert),
    key: readText('private key', files.key),
    ca: files.ca === undefined ? undefined : readText('CA certificate', files.ca),
    where: { cert: files.cert, key: files.key, ca: files.ca ?? files.cert },
  }));
  taker.take();
  const watch = watchFiles(Object.values(files), taker.take);
  return {
    stop: () => {
      taker.stop();
      watch.close();
    },
  };
}

/** How often a certificate that is not valid yet is tried, in milliseconds: clocks of machines differ. */
const earlyRetry = 1_000;

/** Reads and checks material, now and whenever it changed. */
class Taker {
  readonly #host: string;
  readonly #events: SourceEvents;
  readonly #read: () => MaterialTexts;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: string, events: SourceEvents, read: () => MaterialTexts) {
    this.#host = host;
    this.#events = events;
    this.#read = read;
  }

  readonly take = (): void => {
    clearTimeout(this.#timer);
    try {
      this.#events.onMaterial(checkMaterial(this.#read(), this.#host, this.#events.now()));
    } catch (error) {
      this.#events.onProblem(messageOf(error));
      const isEarly = error instanceof CertificateError && error.code === 'CERTIFICATE_NOT_YET_VALID';
      if (isEarly) this.#timer = setTimeout(this.take, earlyRetry);
    }
  };

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function readText(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(what, file, error);
  }
}
