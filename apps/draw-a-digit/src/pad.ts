import type { Digit, Point, Stroke } from './handwriting.ts';
import { heatMap } from './heat-maps.ts';

/** Steps of the keyboard's pen from edge to edge. */
const STEPS = 16;
/** The pen's width on the screen, as a share of the area's. */
const WIDTH = 0.06;

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The drawing area: strokes by mouse, finger, pen or keyboard. */
export class Pad {
  /** What was drawn, the stroke under way included. */
  strokes: Stroke[] = [];
  #area: HTMLElement;
  #canvas: HTMLCanvasElement;
  #onChange: () => void;
  /** The stroke under way. */
  #stroke: Point[] | null = null;
  /** The keyboard's pen: its place in steps, whether it is down, and where it tells what it does. */
  #pen = { x: STEPS / 2, y: STEPS / 4, down: false };
  #status: Element;
  /** What counts, to be drawn over the strokes. */
  #overlay: { digit: Digit; saliency: Float32Array } | null = null;

  /** The area holds a canvas. `onChange` is called after every change of the strokes, `status` tells those who do not see the pen what it does. */
  constructor(area: HTMLElement, status: Element, onChange: () => void) {
    this.#area = area;
    this.#canvas = area.querySelector('canvas')!;
    this.#status = status;
    this.#onChange = onChange;
    area.addEventListener('pointerdown', (event) => this.#pointerDown(event));
    area.addEventListener('pointermove', (event) => this.#pointerMove(event));
    for (const end of ['pointerup', 'pointercancel']) area.addEventListener(end, () => this.#lift());
    // Else a stroke that ends in a flick counts as one, and browsers take the next tap, on whatever button, as the end of it.
    area.addEventListener('touchstart', (event) => event.preventDefault(), { passive: false });
    area.addEventListener('keydown', (event) => this.#keyDown(event));
    area.addEventListener('focus', () => this.draw());
    area.addEventListener('blur', () => {
      this.#lift();
      this.draw();
    });
    area.tabIndex = 0;
    new ResizeObserver(() => this.draw()).observe(area);
  }

  clear(): void {
    this.#change([]);
  }

  /** Takes the last stroke back. */
  undo(): void {
    this.#change(this.strokes.slice(0, -1));
  }

  /** Shows over the strokes how much each pixel counts; null for nothing. */
  overlay(overlay: { digit: Digit; saliency: Float32Array } | null): void {
    this.#overlay = overlay;
    this.draw();
  }

  /** Draws everything anew, in the colors of the page. */
  draw(): void {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (this.#canvas.width !== side) this.#canvas.width = this.#canvas.height = side;
    const context = this.#canvas.getContext('2d')!;
    const style = getComputedStyle(this.#canvas);
    context.setTransform(side, 0, 0, side, 0, 0);
    context.clearRect(0, 0, 1, 1);
    context.lineCap = context.lineJoin = 'round';
    context.lineWidth = WIDTH;
    context.strokeStyle = style.color;
    for (const stroke of this.strokes) {
      context.beginPath();
      for (const [x, y] of stroke) context.lineTo(x, y);
      // A line to where it ends makes a dot of a single point.
      context.lineTo(...stroke.at(-1)!);
      context.stroke();
    }
    if (this.#overlay !== null) drawOverlay(context, this.#overlay, style.getPropertyValue('--hot-channels'));
    if (this.#area.matches(':focus-visible')) this.#drawPen(context, style.getPropertyValue('--accent'));
  }

  #pointerDown(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary) return;
    this.#area.setPointerCapture(event.pointerId);
    this.#lift();
    this.#begin(this.#place(event));
  }

  #pointerMove(event: PointerEvent): void {
    if (this.#stroke === null || !event.isPrimary || !this.#area.hasPointerCapture(event.pointerId)) return;
    for (const moved of event.getCoalescedEvents()) this.#lineTo(this.#place(moved));
  }

  #place({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#area.getBoundingClientRect();
    return [inside((clientX - left) / width), inside((clientY - top) / height)];
  }

  #keyDown(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) this.#movePen(arrow);
    else if (event.key === ' ' || event.key === 'Enter') this.#pen.down ? this.#lift() : this.#lower();
    else if (event.key === 'Escape') this.#lift();
    else if (event.key === 'Delete') this.clear();
    else if (event.key === 'Backspace' || (event.key === 'z' && (event.ctrlKey || event.metaKey))) this.undo();
    else return;
    event.preventDefault();
    this.#tellPen();
    this.draw();
  }

  #movePen([dx, dy]: readonly [number, number]): void {
    this.#pen.x = Math.min(Math.max(this.#pen.x + dx, 1), STEPS - 1);
    this.#pen.y = Math.min(Math.max(this.#pen.y + dy, 1), STEPS - 1);
    if (this.#pen.down) this.#lineTo([this.#pen.x / STEPS, this.#pen.y / STEPS]);
  }

  #lower(): void {
    this.#pen.down = true;
    this.#begin([this.#pen.x / STEPS, this.#pen.y / STEPS]);
  }

  #lift(): void {
    this.#stroke = null;
    this.#pen.down = false;
  }

  #begin(point: Point): void {
    this.#stroke = [point];
    this.#change([...this.strokes, this.#stroke]);
  }

  #lineTo(point: Point): void {
    const last = this.#stroke!.at(-1)!;
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.005) return;
    this.#stroke!.push(point);
    this.#onChange();
  }

  #change(strokes: Stroke[]): void {
    if (!strokes.includes(this.#stroke!)) this.#lift();
    this.strokes = strokes;
    this.#onChange();
  }

  #tellPen(): void {
    const { x, y, down } = this.#pen;
    this.#status.textContent = `Pen ${down ? 'down' : 'up'}, column ${x} of ${STEPS - 1}, row ${y} of ${STEPS - 1}`;
  }

  #drawPen(context: CanvasRenderingContext2D, color: string): void {
    const { x, y, down } = this.#pen;
    context.beginPath();
    context.arc(x / STEPS, y / STEPS, WIDTH * 0.6, 0, 2 * Math.PI);
    context.lineWidth = 0.012;
    context.strokeStyle = context.fillStyle = color;
    if (down) context.fill();
    context.stroke();
  }
}

/** The saliency of the 8 x 8 pixels, smoothly, where they lie on the drawing. */
function drawOverlay(
  context: CanvasRenderingContext2D,
  { digit, saliency }: { digit: Digit; saliency: Float32Array },
  channels: string,
): void {
  const { x, y, width, height } = digit.frame;
  const picture = new OffscreenCanvas(8, 8);
  const color = channels.split(' ').map(Number);
  picture.getContext('2d')!.putImageData(heatMap(saliency, Math.max(...saliency), color), 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.globalAlpha = 0.75;
  context.drawImage(picture, x, y, width, height);
  context.globalAlpha = 1;
}

function inside(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}
