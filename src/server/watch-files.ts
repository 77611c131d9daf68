import { realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** How long changes are collected before they are looked at, as in Istio; later ones do not extend it. */
const debounce = 100;

/** A file changed more recently than this may be half written; it is given time, at most {@link maxSettle} in all. */
const settle = 50;
const maxSettle = 1_000;

/**
 * How often the files are looked at without a notice: notices do not come from every file system, nor for a folder
 * that is removed and made again.
 */
const pollInterval = 10_000;

export interface FileWatch {
  readonly close: () => void;
}

/**
 * Calls `onChange` after files or folders may have changed. The folders of the files are watched, not the files, so
 * that replacements are seen: an editor's rename, or the exchanged `..data` link of a mounted ConfigMap.
 */
export function watchFiles(paths: readonly string[], onChange: () => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    timer ??= setTimeout(look, debounce, Date.now() + maxSettle);
  }

  function look(deadline: number): void {
    if (Date.now() < deadline && paths.some(changedJustNow)) {
      timer = setTimeout(look, settle, deadline);
      return;
    }
    timer = undefined;
    watchFolders();
    onChange();
  }

  function watchFolders(): void {
    const wanted = new Set(paths.flatMap(foldersOf));
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) if (!watchers.has(folder)) watchFolder(folder);
  }

  function watchFolder(folder: string): void {
    const forget = (): void => {
      watchers.get(folder)?.close();
      watchers.delete(folder);
    };
    try {
      const watcher = watch(folder, { persistent: false }, schedule);
      watcher.on('error', forget);
      watchers.set(folder, watcher);
    } catch {
      // Not there, or no more watches to be had: the poll sees to it.
    }
  }

  if (paths.length === 0) return { close: () => undefined };
  watchFolders();
  const poll = setInterval(schedule, pollInterval);
  poll.unref();
  return {
    close: () => {
      clearInterval(poll);
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function changedJustNow(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs < settle;
  } catch {
    return false;
  }
}

/** The folders in which a change can replace `path`: its own, that of the file it links to, or itself when it is one. */
function foldersOf(path: string): string[] {
  const folders = [dirname(resolve(path))];
  try {
    const real = realpathSync(path);
    folders.push(statSync(real).isDirectory() ? real : dirname(real));
  } catch {
    // Removed for now.
  }
  return folders;
}
