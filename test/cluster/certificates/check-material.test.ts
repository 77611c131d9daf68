import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateError } from '../../../src/cluster/certificates/certificate-error.ts';
import { checkMaterial, type MaterialTexts } from '../../../src/cluster/certificates/check-material.ts';
import { OpenSsl } from './support.ts';

const host = 'outrigger.istio-system.svc';
const where = { cert: 'tls.crt of Secret a/b', key: 'tls.key of Secret a/b', ca: 'ca.crt of Secret a/b' };
const day = 24 * 60 * 60 * 1000;
const ssl = new OpenSsl();
/** A little later than the certificates are made. */
const now = new Date(Date.now() + 60_000);

beforeAll(() => {
  ssl.authority('root');
  ssl.authority('other');
  ssl.authority('middle', 'root');
  ssl.server('leaf', 'middle');
  ssl.server('direct', 'root');
  ssl.server('nameless', 'root', 'keyUsage=digitalSignature');
  ssl.server('misnamed', 'root', 'subjectAltName=DNS:istiod.istio-system.svc');
  ssl.server('client', 'root', `subjectAltName=DNS:${host}\nextendedKeyUsage=clientAuth`);
  ssl.run('ec -in direct.key -out direct.sec1.key');
  ssl.run('ec -in direct.key -aes128 -passout pass:secret -out direct.encrypted.key');
  ssl.run('pkcs8 -topk8 -in direct.key -passout pass:secret -out direct.encrypted8.key');
  ssl.run('ecparam -name prime256v1 -genkey -out withparameters.key');
  ssl.run(
    'req -x509 -new -key withparameters.key -days 30 -subj /CN=self -addext subjectAltName=DNS:outrigger.istio-system.svc -out withparameters.crt',
  );
  ssl.run('genrsa -traditional -out rsa1.key 2048');
  ssl.run(
    'req -x509 -new -key rsa1.key -days 30 -subj /CN=self -addext subjectAltName=DNS:*.istio-system.svc -out rsa1.crt',
  );
  ssl.run('x509 -in direct.crt -outform der -out direct.der');
});
afterAll(() => {
  ssl.close();
});

const texts = (cert: string, key: string, ca?: string): MaterialTexts => ({ cert, key, ca, where });
const files = (cert: string, key: string, ca?: string): MaterialTexts =>
  texts(
    cert
      .split('+')
      .map((name) => ssl.read(name))
      .join(''),
    ssl.read(key),
    ca
      ?.split('+')
      .map((name) => ssl.read(name))
      .join(''),
  );

function failure(material: MaterialTexts, at = now): CertificateError {
  try {
    checkMaterial(material, host, at);
  } catch (error) {
    if (error instanceof CertificateError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('material that works', () => {
  it.each([
    ['a chain with its intermediate', 'leaf.crt+middle.crt', 'leaf.key', 'root.crt'],
    ['a chain that ends in the root', 'leaf.crt+middle.crt+root.crt', 'leaf.key', 'root.crt'],
    ['an intermediate as the trusted CA', 'leaf.crt', 'leaf.key', 'middle.crt'],
    ['several CAs, one of which signed', 'direct.crt', 'direct.key', 'other.crt+root.crt'],
    ['an EC key in SEC 1 form', 'direct.crt', 'direct.sec1.key', 'root.crt'],
    ['an EC key behind its parameters, self-signed', 'withparameters.crt', 'withparameters.key', 'withparameters.crt'],
    ['an RSA key in PKCS#1 form, with a wildcard name', 'rsa1.crt', 'rsa1.key', 'rsa1.crt'],
  ])('%s', (_what, cert, key, ca) => {
    const material = checkMaterial(files(cert, key, ca), host, now);
    expect(material.chain).toHaveLength(cert.split('+').length);
    expect(material.authorities).toHaveLength(ca.split('+').length);
    expect(material.key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(material.chain[0]?.checkPrivateKey(createPrivateKey(material.key))).toBe(true);
    expect(material.caBundle).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]*-----END CERTIFICATE-----\n$/);
  });

  it('takes the top of the chain for the CA where none is given', () => {
    const material = checkMaterial(files('leaf.crt+middle.crt', 'leaf.key'), host, now);
    expect(material.authorities.map(({ subject }) => subject)).toEqual(['CN=middle']);
    expect(checkMaterial(files('withparameters.crt', 'withparameters.key'), host, now).authorities).toHaveLength(1);
    expect(checkMaterial(files('direct.crt', 'direct.key'), host, now).caBundle).toBe('');
  });

  it('bears text around the blocks and Windows line ends', () => {
    const cert = `subject=CN = direct\r\n${ssl.read('direct.crt').replaceAll('\n', '\r\n')}trailing`;
    expect(checkMaterial(texts(cert, ssl.read('direct.key'), ssl.read('root.crt')), host, now).cert).toBe(
      ssl.read('direct.crt'),
    );
  });

  it('leaves expired CAs out of the bundle', () => {
    const short = new OpenSsl();
    short.authority('short', undefined, 1);
    const ca = short.read('short.crt') + ssl.read('root.crt');
    const later = new Date(now.getTime() + 2 * day);
    expect(checkMaterial({ ...files('direct.crt', 'direct.key'), ca }, host, later).authorities).toHaveLength(1);
    short.close();
  });
});

describe('material that cannot work is refused in one sentence that names the place and the remedy', () => {
  const good = (): MaterialTexts => files('direct.crt', 'direct.key', 'root.crt');
  it.each<[string, () => MaterialTexts, string, RegExp]>([
    [
      'no certificate',
      () => ({ ...good(), cert: undefined }),
      'CERTIFICATE_MISSING',
      /^tls\.crt of Secret a\/b is empty: put/,
    ],
    ['no key', () => ({ ...good(), key: ' \n' }), 'KEY_MISSING', /^tls\.key of Secret a\/b is empty: put/],
    [
      'DER',
      () => ({ ...good(), cert: ssl.read('direct.der') }),
      'CERTIFICATE_INVALID',
      /not in PEM form: convert it with `openssl x509/,
    ],
    [
      'a key for a certificate',
      () => ({ ...good(), cert: ssl.read('direct.key') }),
      'CERTIFICATE_INVALID',
      /holds no certificate but PRIVATE KEY/,
    ],
    [
      'a cut block',
      () => ({ ...good(), cert: ssl.read('direct.crt').slice(0, 300) }),
      'CERTIFICATE_INVALID',
      /not in PEM form/,
    ],
    [
      'damage inside',
      () => ({ ...good(), cert: ssl.read('direct.crt').replace(/\n[A-Za-z0-9+/]{4}/, '\nAAAA') }),
      'CERTIFICATE_INVALID',
      /damaged/,
    ],
    [
      'a certificate for a key',
      () => ({ ...good(), key: ssl.read('direct.crt') }),
      'KEY_INVALID',
      /holds no private key/,
    ],
    [
      'a damaged key',
      () => ({ ...good(), key: ssl.read('direct.key').replace(/\n[A-Za-z0-9+/]{4}/, '\nAAAA') }),
      'KEY_INVALID',
      /damaged private key/,
    ],
    [
      'an encrypted key (PKCS#8)',
      () => files('direct.crt', 'direct.encrypted8.key'),
      'KEY_ENCRYPTED',
      /decrypt it with `openssl pkey/,
    ],
    [
      'an encrypted key (old form)',
      () => files('direct.crt', 'direct.encrypted.key'),
      'KEY_ENCRYPTED',
      /decrypt it with `openssl pkey/,
    ],
    [
      'the key of another certificate',
      () => files('direct.crt', 'leaf.key'),
      'KEY_MISMATCH',
      /does not belong to the certificate tls\.crt/,
    ],
    [
      'the CA before the certificate',
      () => files('root.crt+direct.crt', 'direct.key'),
      'CERTIFICATE_NOT_FIRST',
      /stands at place 2: put it first/,
    ],
    [
      'no names',
      () => files('nameless.crt', 'nameless.key', 'root.crt'),
      'NAME_MISSING',
      /has no names at all.*issue it with the DNS name outrigger\.istio-system\.svc/,
    ],
    [
      'other names',
      () => files('misnamed.crt', 'misnamed.key', 'root.crt'),
      'NAME_MISSING',
      /has DNS:istiod\.istio-system\.svc/,
    ],
    [
      'a client certificate',
      () => files('client.crt', 'client.key', 'root.crt'),
      'CERTIFICATE_NOT_FOR_SERVERS',
      /"server auth"/,
    ],
    [
      'another CA',
      () => files('direct.crt', 'direct.key', 'other.crt'),
      'CHAIN_BROKEN',
      /no CA in ca\.crt .* signed .*issuer is CN=root/,
    ],
    ['a missing intermediate', () => files('leaf.crt', 'leaf.key', 'root.crt'), 'CHAIN_BROKEN', /issuer is CN=middle/],
    ['a CA that is none', () => ({ ...good(), ca: 'x' }), 'CA_INVALID', /^ca\.crt of Secret a\/b is not in PEM form/],
  ])('%s', (_what, material, code, message) => {
    const error = failure(material());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\n/);
  });

  it('what is out of date', () => {
    const tomorrow = new Date(now.getTime() + 31 * day);
    expect(failure(good(), tomorrow)).toMatchObject({
      code: 'CERTIFICATE_EXPIRED',
      message: expect.stringMatching(/expired on 20.*Z: renew it$/),
    });
    const yesterday = new Date(now.getTime() - day);
    expect(failure(good(), yesterday)).toMatchObject({
      code: 'CERTIFICATE_NOT_YET_VALID',
      message: expect.stringMatching(/not valid before 20/),
    });
    const short = new OpenSsl();
    short.authority('short', undefined, 1);
    const ca = short.read('short.crt');
    expect(failure({ ...good(), ca }, new Date(now.getTime() + 2 * day)).code).toBe('CA_EXPIRED');
    short.close();
  });

  it('never shows a part of the key', () => {
    const key = ssl.read('direct.key');
    const secret = key.split('\n')[1] ?? '';
    for (const material of [
      { ...good(), cert: key },
      { ...good(), key: key.slice(0, 100) },
      files('leaf.crt', 'direct.key'),
    ]) {
      const error = failure(material);
      expect(`${error.message}${String(error.cause)}`).not.toContain(secret.slice(10, 30));
    }
  });
});
