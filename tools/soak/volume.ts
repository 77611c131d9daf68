import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder whose files are replaced all at once, as the kubelet does with a mounted ConfigMap or Secret: the files are
 * links into `..data`, itself a link to a folder, and is exchanged by a rename.
 */
export class Volume {
  readonly #folder: string;
  #generation = 0;

  constructor(folder: string, files: Readonly<Record<string, string>>) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.replace(files);
    for (const name of Object.keys(files)) symlinkSync(join('..data', name), this.path(name));
  }

  /** Path of a file. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** Files that are not given are gone. */
  replace(files: Readonly<Record<string, string>>): void {
    const old = `..${this.#generation}`;
    this.#generation += 1;
    const current = `..${this.#generation}`;
    mkdirSync(join(this.#folder, current));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.#folder, current, name), text);
    const link = join(this.#folder, '..data_tmp');
    symlinkSync(current, link);
    renameSync(link, join(this.#folder, '..data'));
    rmSync(join(this.#folder, old), { recursive: true, force: true });
  }
}
