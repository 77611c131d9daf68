/** What can be wrong with a certificate, its key or its CA. */
export type CertificateErrorCode =
  | 'CERTIFICATE_MISSING'
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_NOT_FIRST'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_NOT_FOR_SERVERS'
  | 'NAME_MISSING'
  | 'KEY_MISSING'
  | 'KEY_INVALID'
  | 'KEY_ENCRYPTED'
  | 'KEY_MISMATCH'
  | 'CA_MISSING'
  | 'CA_INVALID'
  | 'CA_EXPIRED'
  | 'CHAIN_BROKEN';

/** Certificate material that cannot be used; the message is one sentence that says where, what is wrong, and what to do. It never shows a key. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
