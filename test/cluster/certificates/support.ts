import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs openssl in a folder of its own; `read` gives the text of a file in it. */
export class OpenSsl {
  readonly folder = mkdtempSync(join(tmpdir(), 'outrigger-openssl-'));

  run(command: string): void {
    execFileSync('openssl', command.split(' '), { cwd: this.folder, stdio: 'pipe' });
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** A CA: `NAME.crt` and `NAME.key`. */
  authority(name: string, issuer?: string, days = 365): void {
    this.write(
      `${name}.cnf`,
      'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n',
    );
    this.#issue(name, issuer, days);
  }

  /** A serving certificate: `NAME.crt` and `NAME.key`. */
  server(name: string, issuer: string, extensions = 'subjectAltName=DNS:outrigger.istio-system.svc', days = 30): void {
    this.write(`${name}.cnf`, `basicConstraints=CA:FALSE\n${extensions}\n`);
    this.#issue(name, issuer, days);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #issue(name: string, issuer: string | undefined, days: number): void {
    this.run(
      `req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`,
    );
    const by = issuer === undefined ? `-signkey ${name}.key` : `-CA ${issuer}.crt -CAkey ${issuer}.key -CAcreateserial`;
    this.run(`x509 -req -in ${name}.csr -out ${name}.crt -days ${days} -extfile ${name}.cnf ${by}`);
  }
}
