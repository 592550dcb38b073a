import { type Random, readable } from '@maru-ml/base';
import { type ContinuousDistribution, checkProbability, openUniform } from './distribution.ts';

/** A distribution in its own units. */
export interface StandardForm {
  readonly mean: number;
  readonly variance: number;
  pdf(z: number): number;
  logPdf(z: number): number;
  cdf(z: number): number;
  logCdf(z: number): number;
  sf(z: number): number;
  logSf(z: number): number;
  ppf(p: number): number;
  isf(q: number): number;
}

/** The distribution of `location` + `scale` Z, where Z has a standard form. */
export class LocationScale implements ContinuousDistribution {
  readonly #form: StandardForm;
  readonly #location: number;
  readonly #scale: number;
  readonly #owner: string;
  readonly #text: string;

  constructor(owner: string, form: StandardForm, location: number, scale: number, parameters: readonly number[]) {
    this.#form = form;
    this.#location = location;
    this.#scale = scale;
    this.#owner = owner;
    this.#text = `${owner}(${parameters.join(', ')})`;
    readable(this);
  }

  get mean(): number {
    return this.#location + this.#scale * this.#form.mean;
  }

  get variance(): number {
    return this.#scale * this.#scale * this.#form.variance;
  }

  get std(): number {
    return this.#scale * Math.sqrt(this.#form.variance);
  }

  pdf(x: number): number {
    return this.#form.pdf(this.#z(x)) / this.#scale;
  }

  logPdf(x: number): number {
    return this.#form.logPdf(this.#z(x)) - Math.log(this.#scale);
  }

  cdf(x: number): number {
    return this.#form.cdf(this.#z(x));
  }

  logCdf(x: number): number {
    return this.#form.logCdf(this.#z(x));
  }

  sf(x: number): number {
    return this.#form.sf(this.#z(x));
  }

  logSf(x: number): number {
    return this.#form.logSf(this.#z(x));
  }

  ppf(p: number): number {
    return this.#location + this.#scale * this.#form.ppf(checkProbability(this.#owner, 'p', p));
  }

  isf(q: number): number {
    return this.#location + this.#scale * this.#form.isf(checkProbability(this.#owner, 'q', q));
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return this.#text;
  }

  #z(x: number): number {
    return (x - this.#location) / this.#scale;
  }
}
