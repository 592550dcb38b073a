/** Small pictures of numbers, all on one scale: the more, the less of the ground shines through the color of the text. */
export class HeatMaps {
  readonly size: number;
  #canvases: HTMLCanvasElement[];

  /** Adds `count` canvases of `size` x `size` pixels to an element. */
  constructor(parent: Element, count: number, size: number) {
    this.size = size;
    this.#canvases = Array.from({ length: count }, () => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = size;
      return canvas;
    });
    parent.append(...this.#canvases);
  }

  /** Draws `values` [count, size, size] ≥ 0; the scale goes from 0 to the largest, or to `largest`. */
  draw(values: Float32Array, largest = Math.max(...values)): void {
    const pixels = this.size * this.size;
    for (const [i, canvas] of this.#canvases.entries()) {
      const part = values.subarray(i * pixels, (i + 1) * pixels);
      canvas.getContext('2d')!.putImageData(heatMap(part, largest, colorOf(canvas)), 0, 0);
    }
  }

  clear(): void {
    this.draw(new Float32Array(this.#canvases.length * this.size * this.size), 1);
  }
}

/** A square picture of `values` from 0 to `largest` in one color, the opaquer the more. */
export function heatMap(values: Float32Array, largest: number, color: readonly number[]): ImageData {
  const size = Math.sqrt(values.length);
  const image = new ImageData(size, size);
  for (const [i, value] of values.entries()) {
    image.data.set([color[0]!, color[1]!, color[2]!, largest > 0 ? (255 * value) / largest : 0], 4 * i);
  }
  return image;
}

/** Red, green and blue of an element's text color. */
export function colorOf(element: Element): number[] {
  return (getComputedStyle(element).color.match(/[\d.]+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number);
}
