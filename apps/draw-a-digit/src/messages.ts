/** What the page tells the worker. */
export type Command = { kind: 'start'; seed: number } | { kind: 'pause' } | { kind: 'resume' };

/** What the worker tells the page. */
export type Report =
  /** The net's parameters as they are now, in the safetensors format. */
  | { kind: 'weights'; bytes: Uint8Array }
  /** The figures after an epoch. */
  | { kind: 'epoch'; epoch: number; epochs: number; loss: number; heldOutLoss: number; accuracy: number }
  /** All epochs are done. */
  | { kind: 'done' };
