/** Why the server, or a command, cannot start: the catalogue of what a user can have got wrong. */
export type StartupErrorCode =
  | 'ADDRESS_IN_USE'
  | 'ADDRESS_NOT_AVAILABLE'
  | 'ADDRESS_FORBIDDEN'
  | 'LISTEN_FAILED'
  | 'FILE_NOT_READABLE'
  | 'FILE_EXISTS'
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_EXPIRED'
  | 'KEY_INVALID'
  | 'KEY_MISMATCH'
  | 'LIMIT_INVALID'
  | 'NO_CLUSTER'
  | 'KUBECONFIG_INVALID';

/** An error for the user: its message is one sentence that names the file or place. The process exits with 1. */
export class StartupError extends Error {
  readonly code: StartupErrorCode;

  constructor(code: StartupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
    this.code = code;
  }
}

const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory, not a file',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
};

/** The operating system's code of an error, such as `ENOENT`; empty when it has none. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The error for a file that cannot be read, or written; `what` says what the file is for. */
export function fileError(what: string, file: string, error: unknown, action: 'read' | 'write' = 'read'): StartupError {
  const problem = fileProblems[systemCode(error)] ?? (error instanceof Error ? error.message : String(error));
  return new StartupError('FILE_NOT_READABLE', `cannot ${action} the ${what} ${file}: ${problem}`, { cause: error });
}

const listenProblems: Readonly<Record<string, [StartupErrorCode, string]>> = {
  EADDRINUSE: ['ADDRESS_IN_USE', 'the port is already in use'],
  EADDRNOTAVAIL: ['ADDRESS_NOT_AVAILABLE', 'this machine does not have the address'],
  ENOTFOUND: ['ADDRESS_NOT_AVAILABLE', 'there is no host of that name'],
  EACCES: ['ADDRESS_FORBIDDEN', 'permission denied'],
};

/** The error for an address that cannot be listened on; `flag` is the flag to change. */
export function listenError(what: string, address: string, port: number, flag: string, error: unknown): StartupError {
  const [code, problem] = listenProblems[systemCode(error)] ?? [
    'LISTEN_FAILED' as const,
    error instanceof Error ? error.message : String(error),
  ];
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return new StartupError(code, `cannot listen for ${what} on ${place}: ${problem} (see ${flag})`, { cause: error });
}
