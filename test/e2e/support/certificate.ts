import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A serving certificate that is its own CA. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly pem: Buffer;
}

/** Makes one for services of the namespace. */
export function makeCertificate(
  folder: string,
  services: readonly string[],
  namespace = 'istio-system',
): TestCertificate {
  const [certFile, keyFile] = [join(folder, 'webhook.crt'), join(folder, 'webhook.key')];
  const names = services.map((name) => `DNS:${name}.${namespace}.svc`).join(',');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile];
  const subject = ['-subj', '/CN=webhook', '-addext', `subjectAltName=${names}`, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-out', certFile], { stdio: 'pipe' });
  return { certFile, keyFile, pem: readFileSync(certFile) };
}
