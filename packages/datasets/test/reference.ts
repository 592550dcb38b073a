import { readFileSync } from 'node:fs';

export interface ReferenceSet {
  shape: [number, number];
  x: string;
  y: string;
  features: string[];
  classes: string[];
  first: number[];
  last: number[];
  target: [number, number];
  mean: number[];
  std: number[];
}

interface Reference {
  sets: Record<'iris' | 'wine' | 'breast_cancer' | 'digits' | 'diabetes' | 'diabetes_raw' | 'boston', ReferenceSet>;
  csv: { separator: string; text: string; rows: string[][] }[];
  idx: { type: number; shape: number[]; values: number[]; base64: string; gzip: string }[];
  encodings: Record<string, { text: string; base64: string }>;
  korean: { runs: [number, number][]; count: number; sha256: string };
  generators: Record<'moons' | 'circles', { x: [number, number][]; y: number[] }>;
}

interface Tables {
  records: Record<string, number | string | boolean>[];
  columns: Record<'n' | 's' | 'b', (number | string | boolean | null)[]>;
  written: { separator: string; text: string; strings: (string | null)[] }[];
  mnist: Record<'train' | 'test', { images: string; labels: string; x: number[][]; y: number[]; scaled: number[][] }>;
  cifar: { gzip: string; y: number[]; sha256: string; mean: number }[];
}

/** What fixtures/make_tables.py wrote. */
export const tables: Tables = JSON.parse(readFileSync(new URL('./fixtures/tables.json', import.meta.url), 'utf8'));

/** What fixtures/make_reference.py wrote. */
export const reference: Reference = JSON.parse(
  readFileSync(new URL('./fixtures/reference.json', import.meta.url), 'utf8'),
);

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The SHA-256 of bytes in hexadecimal, where there is Node and where there is none. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes packed by gzip, likewise. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
