// Optimizer steps on flat arrays, in place; the twins in src/steps.ts do the same operations in the same order.

const MOMENTUM = 1, NESTEROV = 2, FIRST = 4, DECOUPLED = 1;

/** One step of gradient descent for n float32 (wide = 0) or float64 numbers. `keep` is 1 - dampening. */
export function sgd(
  wide: i32, p: usize, v: usize, g: usize, n: usize, lr: f64, mu: f64, keep: f64, weightDecay: f64, flags: i32,
): void {
  if (wide) sgdLoop<f64>(p, v, g, n, lr, mu, keep, weightDecay, flags);
  else sgdLoop<f32>(p, v, g, n, <f32>lr, <f32>mu, <f32>keep, <f32>weightDecay, flags);
}

function sgdLoop<T>(p: usize, v: usize, g: usize, n: usize, lr: T, mu: T, keep: T, weightDecay: T, flags: i32): void {
  const lrs = v128.splat<T>(lr), mus = v128.splat<T>(mu), keeps = v128.splat<T>(keep), decays = v128.splat<T>(weightDecay);
  const momentum = (flags & MOMENTUM) != 0, nesterov = (flags & NESTEROV) != 0, first = (flags & FIRST) != 0;
  const end = p + n * sizeof<T>();
  const whole = p + ((n * sizeof<T>()) & ~15);
  for (; p < whole; p += 16, g += 16) {
    const x = v128.load(p);
    let d = v128.load(g);
    if (weightDecay != 0) d = v128.add<T>(d, v128.mul<T>(decays, x));
    if (momentum) {
      let u = d;
      if (!first) u = v128.add<T>(v128.mul<T>(mus, v128.load(v)), v128.mul<T>(keeps, d));
      v128.store(v, u);
      v += 16;
      d = nesterov ? v128.add<T>(d, v128.mul<T>(mus, u)) : u;
    }
    v128.store(p, v128.sub<T>(x, v128.mul<T>(lrs, d)));
  }
  for (; p < end; p += sizeof<T>(), g += sizeof<T>()) {
    const x = load<T>(p);
    let d = load<T>(g);
    if (weightDecay != 0) d = d + weightDecay * x;
    if (momentum) {
      let u = d;
      if (!first) u = mu * load<T>(v) + keep * d;
      store<T>(v, u);
      v += sizeof<T>();
      d = nesterov ? d + mu * u : u;
    }
    store<T>(p, x - lr * d);
  }
}

/** One step of Adam for n float32 (wide = 0) or float64 numbers. */
export function adam(
  wide: i32, p: usize, m: usize, v: usize, g: usize, n: usize,
  stepSize: f64, alpha: f64, beta: f64, gamma: f64, root: f64, eps: f64, weightDecay: f64, flags: i32,
): void {
  if (wide) adamLoop<f64>(p, m, v, g, n, stepSize, alpha, beta, gamma, root, eps, weightDecay, flags);
  else {
    adamLoop<f32>(
      p, m, v, g, n, <f32>stepSize, <f32>alpha, <f32>beta, <f32>gamma, <f32>root, <f32>eps, <f32>weightDecay, flags,
    );
  }
}

function adamLoop<T>(
  p: usize, m: usize, v: usize, g: usize, n: usize,
  stepSize: T, alpha: T, beta: T, gamma: T, root: T, eps: T, weightDecay: T, flags: i32,
): void {
  const steps = v128.splat<T>(stepSize), alphas = v128.splat<T>(alpha), betas = v128.splat<T>(beta);
  const gammas = v128.splat<T>(gamma), roots = v128.splat<T>(root), epss = v128.splat<T>(eps);
  const decays = v128.splat<T>(weightDecay);
  const decoupled = (flags & DECOUPLED) != 0;
  const end = p + n * sizeof<T>();
  const whole = p + ((n * sizeof<T>()) & ~15);
  for (; p < whole; p += 16, g += 16, m += 16, v += 16) {
    let x = v128.load(p), d = v128.load(g);
    if (decoupled) x = v128.mul<T>(x, decays);
    else if (weightDecay != 0) d = v128.add<T>(d, v128.mul<T>(decays, x));
    const old = v128.load(m);
    const mean = v128.add<T>(old, v128.mul<T>(alphas, v128.sub<T>(d, old)));
    const square = v128.add<T>(v128.mul<T>(betas, v128.load(v)), v128.mul<T>(gammas, v128.mul<T>(d, d)));
    v128.store(m, mean);
    v128.store(v, square);
    const size = v128.add<T>(v128.div<T>(v128.sqrt<T>(square), roots), epss);
    v128.store(p, v128.sub<T>(x, v128.mul<T>(steps, v128.div<T>(mean, size))));
  }
  for (; p < end; p += sizeof<T>(), g += sizeof<T>(), m += sizeof<T>(), v += sizeof<T>()) {
    let x = load<T>(p), d = load<T>(g);
    if (decoupled) x = x * weightDecay;
    else if (weightDecay != 0) d = d + weightDecay * x;
    const old = load<T>(m);
    const mean = old + alpha * (d - old);
    const square = beta * load<T>(v) + gamma * (d * d);
    store<T>(m, mean);
    store<T>(v, square);
    store<T>(p, x - stepSize * (mean / (sqrt<T>(square) / root + eps)));
  }
}
