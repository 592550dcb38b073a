export {
  add,
  clamp,
  div,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  relu,
  remainder,
  square,
  sub,
} from './arithmetic.ts';
