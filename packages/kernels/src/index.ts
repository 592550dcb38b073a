export {
  allocate,
  type FloatArray,
  float32View,
  float64View,
  int32View,
  isResident,
  type Memory,
  makeRoom,
  memory,
  memoryInUse,
  type NumberArray,
  release,
  uint8View,
} from './memory.ts';
export { type Backend, backend } from './module.ts';
