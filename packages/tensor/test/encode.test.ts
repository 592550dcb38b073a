import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  decodeArray,
  decodeTensor,
  encodeArray,
  encodeTensor,
  fromBytes,
  jsonFromBytes,
  tensor,
  toBytes,
} from '../src/index.ts';

const roundTrip = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('arrays in JSON', () => {
  it('are little-endian bytes in base64, with dtype and shape', () => {
    expect(roundTrip(encodeArray(Float64Array.of(1, -2), [2, 1]))).toEqual({
      dtype: 'float64',
      shape: [2, 1],
      data: 'AAAAAAAA8D8AAAAAAAAAwA==',
    });
    expect(roundTrip(encodeArray(Int32Array.of(1, 256)))).toEqual({ dtype: 'int32', shape: [2], data: 'AQAAAAABAAA=' });
  });

  it('keep every value, NaN and infinities too', () => {
    const values = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324, 0.1);
    const back = decodeArray('Model.fromJSON', 'values', roundTrip(encodeArray(values)), { dtype: 'float64' });
    expect([...back].every((value, i) => Object.is(value, values[i]))).toBe(true);
    const long = Float32Array.from({ length: 30_000 }, (_, i) => Math.fround(i / 7));
    expect(decodeArray('Model.fromJSON', 'values', roundTrip(encodeArray(long)))).toEqual(long);
    expect(decodeArray('Model.fromJSON', 'values', roundTrip(encodeArray(new Int32Array(0))))).toEqual(
      new Int32Array(0),
    );
  });

  it('hold tensors of every dtype', () => {
    for (const dtype of ['float32', 'float64', 'int32', 'uint8', 'bool'] as const) {
      const t = tensor([[1, 0, 1]], { dtype });
      const back = decodeTensor('Model.fromJSON', 't', roundTrip(encodeTensor(t)));
      expect(back.dtype).toBe(dtype);
      expect(back.shape).toEqual([1, 3]);
      expect(back.toArray()).toEqual(t.toArray());
    }
  });

  it('decode before they were written too, into a copy', () => {
    const values = Float32Array.of(1, 2);
    const back = decodeArray('Model.fromJSON', 'values', encodeArray(values));
    expect(back).toEqual(values);
    expect(back).not.toBe(values);
    expect(decodeArray('Model.fromJSON', 'values', structuredClone(encodeArray(values)))).toEqual(values);
  });

  it('take a wanted dtype and shape', () => {
    const centers = roundTrip(encodeArray(new Float64Array(6), [2, 3]));
    const decode = (options: object) => () => decodeArray('M.fromJSON', 'centers', centers, options);
    expect(decode({ dtype: 'float64', shape: [-1, 3] })()).toHaveLength(6);
    expectError(decode({ dtype: 'float32' }), DataError, 'M.fromJSON: centers must be float32, got float64');
    const wrong = 'M.fromJSON: centers must have the shape [any, 4], got [2, 3]';
    expectError(decode({ shape: [-1, 4] }), DataError, wrong);
    expectError(decode({ shape: [6] }), DataError, 'M.fromJSON: centers must have the shape [6], got [2, 3]');
  });

  it('refuse what is no array, or damaged', () => {
    const decode = (value: unknown) => () => decodeArray('M.fromJSON', 'w', value);
    const notOne = (came: string) => `M.fromJSON: w must be an array saved as { dtype, shape, data }, got ${came}`;
    expectError(decode(undefined), DataError, notOne('undefined'));
    expectError(decode([1, 2]), DataError, notOne('[1, 2]'));
    expectError(decode({ dtype: 'float16', shape: [1], data: '' }), DataError, notOne('an object'));
    expectError(decode({ dtype: 'int32', shape: [-1], data: '' }), DataError, notOne('an object'));
    expectError(decode({ dtype: 'int32', shape: [1], data: [1] }), DataError, notOne('an object'));
    const strange = { dtype: 'int32', shape: [1], data: new Uint32Array(1) };
    expectError(decode(strange), DataError, notOne('an object'));
    const damaged = { dtype: 'int32', shape: [1], data: 'A*' };
    expectError(decode(damaged), DataError, 'M.fromJSON: the data of w are not base64');
    const short = { dtype: 'int32', shape: [1], data: 'AAA=' };
    expectError(decode(short), DataError, 'M.fromJSON: w of shape [1] must have 4 bytes of int32, got 2');
    const grown = { dtype: 'int32', shape: [2], data: Int32Array.of(1) };
    expectError(decode(grown), DataError, 'M.fromJSON: w of shape [2] must have 8 bytes of int32, got 4');
    expectError(
      () => encodeArray(new Float32Array(3), [2, 2]),
      ShapeError,
      'encodeArray: data has 3 numbers, but its shape [2, 2] holds 4',
    );
  });

  it('are refused when no string could hold them', () => {
    expectError(
      () => JSON.stringify(encodeArray(new Uint8Array(2 ** 28 + 1))),
      OptionError,
      'encodeArray: an array of 268435457 bytes is too long for JSON; save the model with toBytes(model)',
    );
  });
});

describe('models as bytes', () => {
  const json = {
    format: 1,
    options: { nClusters: 2, init: null, classes: ['a', 'ü'] },
    centers: encodeArray(Float64Array.of(1, Number.NaN, 3, 4), [2, 2]),
    trees: [{ value: encodeArray(Int32Array.of(7)) }, { value: encodeArray(Uint8Array.of(9)) }],
  };

  it('come back as the JSON form', () => {
    const bytes = toBytes({ toJSON: () => json });
    const back = jsonFromBytes('Model.fromBytes', bytes);
    expect(roundTrip(back)).toEqual(roundTrip(json));
    expect(toBytes(back as object)).toEqual(bytes);
    expect(roundTrip(jsonFromBytes('Model.fromBytes', toBytes(roundTrip(json))))).toEqual(roundTrip(json));
  });

  it('come back as a model of their class, which is handed what it takes besides', () => {
    const Length = { fromJSON: (saved: unknown, { unit }: { unit: string }) => `${(saved as number[])[0]} ${unit}` };
    const bytes = toBytes([2]);
    const length: string = fromBytes(Length, bytes, { unit: 'cm' });
    expect(length).toBe('2 cm');
    // @ts-expect-error: the class asks for options
    expect(() => fromBytes(Length, bytes)).toThrow(TypeError);
    expectError(
      () => fromBytes(Length, bytes.slice(0, 2), { unit: 'cm' }),
      DataError,
      'fromBytes: the file is not a valid safetensors file: it has 2 bytes, but the length of the header takes 8',
    );
  });

  it('hold tensors and nested models', () => {
    const step = { model: { toJSON: () => json }, momentum: tensor([1, 2]), skipped: undefined };
    const back = jsonFromBytes('load', toBytes(step)) as { momentum: unknown; model: unknown };
    expectClose(decodeTensor('load', 'momentum', back.momentum), [1, 2]);
    expect(roundTrip(back.model)).toEqual(roundTrip(json));
  });

  it('are safetensors files with the arrays by their path', () => {
    const bytes = toBytes(json);
    const header = new TextDecoder().decode(
      bytes.subarray(8, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))),
    );
    expect(Object.keys(JSON.parse(header))).toEqual(['__metadata__', 'centers', 'trees.0.value', 'trees.1.value']);
  });

  it('refuse what JSON would lose', () => {
    const save = (model: object) => () => toBytes(model);
    expectError(
      save({ inertia: Number.NaN }),
      OptionError,
      'toBytes: inertia is NaN, which JSON cannot hold; use encodeArray for it',
    );
    expectError(save({ f: [Math.sin] }), OptionError, 'toBytes: f.0 is a function, which cannot be saved');
    expectError(save({ w: Float32Array.of(1) }), OptionError, 'toBytes: w is a Float32Array; use encodeArray for it');
    expectError(save({ a: { $array: 'b' } }), OptionError, 'toBytes: a must not have a field named $array');
  });

  it('refuse files of another kind', () => {
    const load = (bytes: Uint8Array) => () => jsonFromBytes('M.fromBytes', bytes);
    expectError(
      load(Uint8Array.of(1, 2)),
      DataError,
      'M.fromBytes: the file is not a valid safetensors file: it has 2 bytes, but the length of the header takes 8',
    );
    const file = (header: object) => {
      const text = new TextEncoder().encode(JSON.stringify(header));
      return Uint8Array.of(text.length, 0, 0, 0, 0, 0, 0, 0, ...text);
    };
    expectError(
      load(file({})),
      DataError,
      "M.fromBytes: this safetensors file holds no model, as its metadata lack 'maru'; read it with loadSafetensors",
    );
    expectError(
      load(file({ __metadata__: { maru: '{' } })),
      DataError,
      "M.fromBytes: the model in the file's metadata is not JSON",
    );
    expectError(
      load(file({ __metadata__: { maru: '{"w":{"$array":"w"}}' } })),
      DataError,
      "M.fromBytes: the file has no array 'w', which the model refers to",
    );
  });
});
