/** The page: a net that a worker trains looks at what is drawn, whenever either changes. */
import { parseSafetensors } from '@maru-ml/tensor/safetensors';
import { Bars } from './bars.ts';
import { Curve } from './curve.ts';
import { toDigit } from './handwriting.ts';
import { HeatMaps } from './heat-maps.ts';
import type { Report } from './messages.ts';
import { DigitNet } from './net.ts';
import { Pad } from './pad.ts';
import { lookAt } from './sight.ts';
import { Training } from './training.ts';

function $<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

const net = new DigitNet(0);
const pad = new Pad($('pad'), $('pen'), lookSoon);
const bars = new Bars($('bars'), lookSoon);
const maps = {
  input: new HeatMaps($('input'), 1, 8),
  edges: new HeatMaps($('edges'), 8, 8),
  parts: new HeatMaps($('parts'), 16, 4),
  saliency: new HeatMaps($('saliency'), 1, 8),
};
const losses = new Curve($('curves'), {
  label: 'Loss by epoch, on a logarithmic scale',
  lines: { learned: 'loss, learned', 'held-out': 'loss, held out' },
  names: 'top',
  ticks: ['.01', '.1', '1', '10'],
  scale: (loss) => (Math.log10(loss) + 2) / 3,
});
const accuracies = new Curve($('curves'), {
  label: 'Share of the held-out digits that are recognized, by epoch',
  lines: { 'held-out': 'accuracy, held out' },
  names: 'bottom',
  ticks: ['.7', '.8', '.9', '1'],
  scale: (accuracy) => (accuracy - 0.7) / 0.3,
});
let training = start();

/** Looks with the next picture of the screen, once however much has changed until then. */
let soon = 0;
function lookSoon(): void {
  cancelAnimationFrame(soon);
  soon = requestAnimationFrame(look);
}

/** Shows the net the drawing, and all that the net makes of it. */
function look(): void {
  const digit = toDigit(pad.strokes);
  if (digit === null) {
    setText('answer', 'Nothing drawn yet');
    bars.show(null);
    for (const map of Object.values(maps)) map.clear();
    pad.overlay(null);
    return;
  }
  const { probabilities, best, edges, parts, saliency } = lookAt(net, digit.ink, bars.chosen);
  setText('answer', `It looks like ${best === 8 ? 'an' : 'a'} ${best}`);
  setText('saliency-title', `what counts for ${bars.chosen ?? best}:`);
  bars.show(probabilities);
  maps.input.draw(digit.ink, 16);
  maps.edges.draw(edges);
  maps.parts.draw(parts);
  maps.saliency.draw(saliency);
  pad.overlay($<HTMLInputElement>('overlay').checked ? { digit, saliency } : null);
}

/** Starts a training with the seed that is asked for; the net forgets nothing until the new one's weights come. */
function start(): Training {
  losses.clear();
  accuracies.clear();
  for (const id of ['accuracy', 'loss']) setText(id, '–');
  setText('epoch', '0');
  setText('training-state', 'Training …');
  setText('pause', 'Pause');
  $<HTMLButtonElement>('pause').disabled = false;
  return new Training($<HTMLInputElement>('seed').valueAsNumber, onReport);
}

function onReport(report: Report): void {
  if (report.kind === 'weights') {
    net.loadStateDict(parseSafetensors(report.bytes).tensors);
    lookSoon();
  } else if (report.kind === 'epoch') {
    const { epoch, epochs, loss, heldOutLoss, accuracy } = report;
    losses.add([loss, heldOutLoss], epochs);
    accuracies.add([accuracy], epochs);
    setText('accuracy', `${(100 * accuracy).toFixed(1)} %`);
    setText('epoch', `${epoch}/${epochs}`);
    setText('loss', loss.toFixed(3));
  } else {
    setText('training-state', 'Done: all epochs are over.');
    $<HTMLButtonElement>('pause').disabled = true;
  }
}

/** Sets a text where it differs, so that screen readers hear only of changes. */
function setText(id: string, text: string): void {
  if ($(id).textContent !== text) $(id).textContent = text;
}

$('undo').addEventListener('click', () => pad.undo());
$('clear').addEventListener('click', () => pad.clear());
$('overlay').addEventListener('change', lookSoon);
$('pause').addEventListener('click', () => {
  training.pause(!training.paused);
  setText('pause', training.paused ? 'Resume' : 'Pause');
  setText('training-state', training.paused ? 'Paused.' : 'Training …');
});
$('restart').addEventListener('submit', (event) => {
  event.preventDefault();
  training.end();
  training = start();
});
// A page that is left may be kept and shown again; its worker is not to train meanwhile.
addEventListener('pagehide', () => training.end());
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) training = start();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => lookSoon());
look();
