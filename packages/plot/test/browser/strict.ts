import { bar, confusionMatrix, images, plotStyle, residuals, roc, toSvg } from '../../src/index.ts';

/** Draws in a page, and tells what its policy refused. */
export async function run() {
  const refused: string[] = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.push(effectiveDirective));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(plotStyle());
  document.adoptedStyleSheets.push(sheet);

  const specs = [
    bar(['SGD', 'Adam'], [0.91, 0.96], { errors: [0.02, 0.01] }),
    confusionMatrix(['예', '아니오', '예'], ['예', '예', '예']),
    roc({ fpr: [0, 0.2, 1], tpr: [0, 0.9, 1] }),
    residuals([1, 2, 3, 4], [0.1, -0.2, 0.3, -0.1]),
    images([[0, 1, 1, 0]], { shape: [2, 2] }),
  ];
  document.body.innerHTML = (await Promise.all(specs.map((spec) => toSvg(spec, { strict: true })))).join('');
  const pictures = [...document.querySelectorAll('svg')];
  const bars = [...pictures[0]!.querySelectorAll('[fill="#0072b2"]')];
  document.body.dataset.theme = 'dark';
  const fills = bars.map((mark) => getComputedStyle(mark).fill);
  document.body.style.width = '120px';
  const pixels = getComputedStyle(document.querySelector('image')!).imageRendering;
  const widths = pictures.map((picture) => picture.getBoundingClientRect().width);

  // The policy is on: code from a string is refused, and told of once a task has ended.
  let evaluated = true;
  try {
    new Function('return 1')();
  } catch {
    evaluated = false;
  }
  await new Promise((done) => setTimeout(done, 50));
  return { pictures: pictures.length, fills: [...new Set(fills)], widths, pixels, evaluated, refused };
}
