import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkSeed,
  choose,
  DataError,
  defaultRandom,
  drawNormal,
  drawWeighted,
  keptStream,
  OptionError,
  permutation,
  Random,
  type RandomState,
  RandomStream,
  randomFrom,
  randomFromState,
  replaceDefaultRandom,
  setSeed,
  shuffle,
  streamAt,
  streamFrom,
} from '../src/index.ts';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

describe('Random, against published values', () => {
  it('is xoshiro128** 1.1', () => {
    // From xoshiro128starstar.c by Blackman and Vigna, as quoted in the tests of the Rust crate rand_xoshiro.
    const random = randomFromState({ words: [1, 2, 3, 4], root: '0000000000000000', forks: 0, spare: null });
    expect(draw(random, 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('is seeded by SplitMix64', () => {
    // The first outputs for seed 1234567 are 6457827717110365317, 3203168211198807973 and 9817491932198370423
    // (Rosetta Code, "Pseudo-random numbers/Splitmix64"): two give the four words, the third the root of the children.
    const { words, root } = new Random(1234567).state;
    const word = (bits: bigint) => Number(BigInt.asIntN(32, bits));
    const [first, second] = [6457827717110365317n, 3203168211198807973n];
    expect(words).toEqual([word(first), word(first >> 32n), word(second), word(second >> 32n)]);
    expect(BigInt(`0x${root}`)).toBe(9817491932198370423n);
  });
});

describe('Random, golden values (they never change: results that people have seen depend on them)', () => {
  it('of the first words, as an independent program in Python gave them', () => {
    expect(draw(new Random(0), 6)).toEqual([3737715805, 2584255861, 2876756834, 3286328325, 1553311962, 1625202774]);
    expect(draw(new Random(1), 3)).toEqual([1695105466, 1423115009, 634581793]);
    expect(draw(new Random(42), 3)).toEqual([1776835114, 4165204688, 17111135]);
    expect(draw(new Random(2 ** 53 - 1), 3)).toEqual([1233166643, 1287031142, 661813442]);
  });

  it('of children, as an independent program in Python gave them', () => {
    const random = new Random(42);
    expect(draw(random.fork(), 3)).toEqual([2861516408, 2963647047, 2667362018]);
    expect(draw(random.fork(), 3)).toEqual([2775590424, 2033121889, 2780190243]);
  });

  it('of every method', () => {
    const random = new Random(7);
    expect(random.uniform()).toBe(0.4193505224726699);
    expect(random.normal()).toBe(1.9209147380318943);
    expect(random.normal()).toBe(-0.16003891364380962);
    expect(random.integer(10)).toBe(8);
    expect(random.integer(2 ** 32)).toBe(318019494);
    expect([...random.permutation(5)]).toEqual([2, 0, 4, 3, 1]);
    expect([...random.choose(10, 3)]).toEqual([3, 7, 4]);
    expect(random.weighted([1, 2, 3])).toBe(1);
  });
});

describe('Random, state and children', () => {
  it('goes on from a state that went through JSON, in the middle of a pair of normals too', () => {
    const random = new Random(5);
    random.normal();
    const copy = randomFromState(JSON.parse(JSON.stringify(random.state)));
    expect([copy.normal(), copy.normal(), ...draw(copy, 4)]).toEqual([
      random.normal(),
      random.normal(),
      ...draw(random, 4),
    ]);
    expect(draw(copy.fork(), 2)).toEqual(draw(random.fork(), 2));
  });

  it('makes the copy independent of the state it came from', () => {
    const random = new Random(5);
    const before = structuredClone(random.state);
    randomFromState(random.state).uint32();
    expect(random.state).toEqual(before);
  });

  it('gives children that do not depend on the numbers drawn, and differ from each other and their parent', () => {
    const quiet = new Random(3);
    const busy = new Random(3);
    draw(busy, 100);
    expect(draw(busy.fork(), 4)).toEqual(draw(quiet.fork(), 4));
    const streams = [new Random(3), ...Array.from({ length: 99 }, () => quiet.fork()), quiet.fork().fork()];
    expect(new Set(streams.map((stream) => draw(stream, 2).join())).size).toBe(101);
  });

  it('keeps apart seeds that differ only above 32 bits', () => {
    const starts = [0, 2 ** 32, 2 ** 33, 2 ** 52].map((seed) => draw(new Random(seed), 2).join());
    expect(new Set(starts).size).toBe(4);
  });

  it('refuses what is no state', () => {
    const good: RandomState = { words: [1, 2, 3, 4], root: '0123456789abcdef', forks: 0, spare: null };
    const message = 'randomFromState: this is not the state of a generator';
    for (const bad of [
      null,
      {},
      { ...good, words: [1, 2, 3] },
      { ...good, words: [0, 0, 0, 0] },
      { ...good, words: [1, 2, 3, 'a'] },
      { ...good, root: 'xyz' },
      { ...good, forks: 0.5 },
      { ...good, spare: undefined },
    ]) {
      expectError(() => randomFromState(bad as never), DataError, message);
    }
    expect(randomFromState(good).state).toEqual(good);
  });
});

describe('the default stream', () => {
  it('may be another for what runs in slices, and is everyone else’s in between', () => {
    const drawn = () => randomFrom(undefined).uint32();
    setSeed(1);
    const [a, b] = [drawn(), drawn()];
    setSeed(2);
    const [c, d] = [drawn(), drawn()];
    setSeed(2);
    const inStream = keptStream();
    const before = inStream(() => replaceDefaultRandom(new Random(1)));
    expect(before).toBe(defaultRandom());
    expect([drawn(), inStream(drawn), drawn(), inStream(drawn)]).toEqual([c, a, d, b]);
    expect(() =>
      inStream(() => {
        throw new Error('a slice failed');
      }),
    ).toThrow('a slice failed');
    expect(before).toBe(defaultRandom());
  });

  it('repeats after setSeed, and gives each caller other numbers', () => {
    setSeed(0);
    const first = [randomFrom(undefined), randomFrom(undefined)].map((random) => random.uint32());
    setSeed(0);
    const again = [randomFrom(undefined), randomFrom(undefined)].map((random) => random.uint32());
    setSeed(1);
    const other = randomFrom(undefined).uint32();
    setSeed(0);
    expect(again).toEqual(first);
    expect(first[0]).not.toBe(first[1]);
    expect(other).not.toBe(first[0]);
  });

  it('is left alone by a seed, and a Random is used as it is', () => {
    expect(randomFrom(42).uint32()).toBe(1776835114);
    const random = new Random(42);
    expect(randomFrom(random)).toBe(random);
    expect(checkSeed('KMeans', random)).toBe(random);
    expect(checkSeed('KMeans', 0)).toBe(0);
  });

  it('refuses what is no seed', () => {
    for (const [seed, shown] of [
      [-1, '-1'],
      [0.5, '0.5'],
      [2 ** 53, '9007199254740992'],
      [Number.NaN, 'NaN'],
      ['1', "'1'"],
      [null, 'null'],
    ] as const) {
      const wanted = 'seed must be an integer from 0 to 2^53 - 1';
      expectError(() => new Random(seed as number), OptionError, `Random: ${wanted}, got ${shown}`);
      expectError(() => setSeed(seed as number), OptionError, `Random: ${wanted}, got ${shown}`);
      expectError(() => randomFrom(seed as number), OptionError, `randomFrom: ${wanted} or a Random, got ${shown}`);
      expectError(() => checkSeed('KMeans', seed), OptionError, `KMeans: ${wanted} or a Random, got ${shown}`);
    }
  });
});

describe('Random, laws', () => {
  it('uniform stays within [low, high) and is flat (χ² of 64 bins)', () => {
    const random = new Random(11);
    const bins = new Float64Array(64);
    for (let i = 0; i < 64_000; i++) bins[Math.floor((random.uniform(-2, 6) + 2) * 8)]! += 1;
    expect(bins.reduce((sum, count) => sum + count, 0)).toBe(64_000); // none fell outside
    const chiSquared = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(103.4); // the 99.9% point of χ² with 63 degrees of freedom
  });

  it('uniform has 53 random bits', () => {
    const random = new Random(12);
    let odd = 0;
    for (let i = 0; i < 1000; i++) odd += (random.uniform() * 2 ** 53) % 2;
    expect(odd).toBeGreaterThan(400);
    expect(odd).toBeLessThan(600);
  });

  it('normal has the moments of the normal distribution', () => {
    const random = new Random(13);
    const n = 100_000;
    let [sum, squares, cubes, fourths] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const z = (random.normal(5, 2) - 5) / 2;
      sum += z;
      squares += z ** 2;
      cubes += z ** 3;
      fourths += z ** 4;
    }
    // Within four standard errors: √(1/n), √(2/n), √(15/n), √(96/n).
    expectClose([sum / n, cubes / n], [0, 0], { atol: 4 * Math.sqrt(15 / n) });
    expectClose(sum / n, 0, { atol: 4 * Math.sqrt(1 / n) });
    expectClose(squares / n, 1, { atol: 4 * Math.sqrt(2 / n) });
    expectClose(fourths / n, 3, { atol: 4 * Math.sqrt(96 / n) });
  });

  it('normal follows its distribution into the tails', () => {
    const random = new Random(14);
    const n = 100_000;
    const beyond = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const size = Math.abs(random.normal());
      for (let k = 0; k < 3; k++) if (size > k + 1) beyond[k]! += 1;
    }
    const shares = [0.31731, 0.0455, 0.0027]; // P(|z| > 1, 2, 3)
    for (const [k, share] of shares.entries()) {
      expectClose(beyond[k]! / n, share, { atol: 4 * Math.sqrt((share * (1 - share)) / n) });
    }
  });

  it('integer is flat where 2³² is no multiple of n, by rejecting what is left over', () => {
    // n = 3·2³⁰: a quarter of the draws is rejected; without that the lowest third would come up half of the time.
    const random = new Random(15);
    const n = 3 * 2 ** 30;
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (random.integer(n) < 2 ** 30) low++;
    expectClose(low / 30_000, 1 / 3, { atol: 4 * Math.sqrt(2 / 9 / 30_000) });
  });

  it('integer keeps the last whole run of n and rejects the draws after it', () => {
    // The first outputs from this state are 11520, 0, 5927040: with n = 2³² all are kept, with 2³¹ too.
    const from1234 = () => randomFromState({ words: [1, 2, 3, 4], root: '0000000000000000', forks: 0, spare: null });
    expect(from1234().integer(2 ** 32)).toBe(11520);
    expect(from1234().integer(10_000)).toBe(1520);
    // Outputs 8 to 10 are 3734860849, 3729100597, 4258142804. For n = 2³¹ + 1 only draws below n are kept.
    const random = from1234();
    draw(random, 7);
    const twin = from1234();
    draw(twin, 10);
    let next = twin.uint32();
    while (next > 2 ** 31) next = twin.uint32();
    expect(random.integer(2 ** 31 + 1)).toBe(next);
  });

  it('integer takes whole numbers from 1 to 2³² and no others', () => {
    expect(new Random(0).integer(1)).toBe(0);
    for (const [n, shown] of [
      [0, '0'],
      [1.5, '1.5'],
      [2 ** 32 + 1, '4294967297'],
      [Number.NaN, 'NaN'],
    ] as const) {
      const message = `Random.integer: n must be an integer ≥ 1 and ≤ 4294967296, got ${shown}`;
      expectError(() => new Random(0).integer(n), OptionError, message);
    }
  });

  it('shuffle, permutation and choose lose and repeat nothing', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32), fc.nat(200), fc.nat(200), (seed, n, k) => {
        const order = new Random(seed).permutation(n);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        const chosen = new Random(seed).choose(n, Math.min(k, n));
        expect(new Set(chosen).size).toBe(Math.min(k, n));
        expect(chosen.every((i) => i >= 0 && i < n)).toBe(true);
      }),
    );
    const words = ['a', 'b', 'c', 'd'];
    expect(new Random(0).shuffle(words)).toBe(words);
    expect([...words].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('shuffle makes all orders equally often', () => {
    const random = new Random(16);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(49.7); // the 99.9% point of χ² with 23 degrees of freedom
  });

  it('choose refuses more than there are', () => {
    const message = (k: string) => `Random.choose: k must be an integer ≥ 0 and ≤ 3, got ${k}`;
    expectError(() => new Random(0).choose(3, 4), OptionError, message('4'));
    expectError(() => new Random(0).choose(3, -1), OptionError, message('-1'));
    expectError(
      () => new Random(0).permutation(-1),
      OptionError,
      'Random.permutation: n must be an integer ≥ 0 and ≤ 2147483647, got -1',
    );
  });

  it('weighted draws in proportion and never what weighs nothing', () => {
    const random = new Random(17);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) counts[random.weighted([1, 0, 3, 0])]! += 1;
    expect(counts[1]).toBe(0);
    expect(counts[3]).toBe(0);
    expectClose(counts[0]! / 40_000, 0.25, { atol: 4 * Math.sqrt(3 / 16 / 40_000) });
  });

  it('weighted refuses weights that are no distribution', () => {
    const sum = 'Random.weighted: the weights must have a positive finite sum, got';
    expectError(() => new Random(0).weighted([0, 0]), OptionError, `${sum} 0`);
    expectError(() => new Random(0).weighted([]), OptionError, `${sum} 0`);
    expectError(() => new Random(0).weighted([1e308, 1e308]), OptionError, `${sum} Infinity`);
    expectError(() => new Random(0).weighted([2, -1]), OptionError, 'Random.weighted: weights[1] must be ≥ 0, got -1');
    expectError(
      () => new Random(0).weighted([Number.NaN]),
      OptionError,
      'Random.weighted: weights[0] must be ≥ 0, got NaN',
    );
  });
});

describe('RandomStream', () => {
  it('gives by functions what Random gives by methods', () => {
    const [stream, random] = [new RandomStream(3), new Random(3)];
    const normals = (draw: () => number) => Array.from({ length: 5 }, draw);
    expect(normals(() => drawNormal(stream, 1, 2))).toEqual(normals(() => random.normal(1, 2)));
    expect(permutation(stream, 9)).toEqual(random.permutation(9));
    expect(choose(stream, 9, 4)).toEqual(random.choose(9, 4));
    expect(shuffle(stream, ['a', 'b', 'c'])).toEqual(random.shuffle(['a', 'b', 'c']));
    expect(drawWeighted(stream, [1, 2, 3])).toBe(random.weighted([1, 2, 3]));
    expect(stream.fork().uniform()).toBe(random.fork().uniform());
    expect(stream.state).toEqual(random.state);
  });

  it('goes on where another stands, with methods or a state of its own', () => {
    const stream = streamFrom(5);
    const [withMethods, copy] = [randomFrom(stream), streamAt(stream.state)];
    expect(withMethods.uint32()).toBe(copy.uint32());
    // The same generator with methods, and another one.
    expect(stream.state).toBe(withMethods.state);
    expect(stream.state).toEqual(copy.state);
    copy.uint32();
    expect(stream.state).not.toEqual(copy.state);
    expect(randomFrom(withMethods)).toBe(withMethods);
    expect(streamFrom(withMethods)).toBe(withMethods);
  });
});
