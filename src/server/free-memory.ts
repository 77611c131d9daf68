/** Frees memory that nothing uses any longer at once, where the platform can (Node 22). */
export function freeMemory(memory: ArrayBuffer & { transfer?: (length: number) => ArrayBuffer }): void {
  memory.transfer?.(0);
}
