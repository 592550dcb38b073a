import { backend } from '@maru-ml/kernels';
import { run } from '../browser/trainings.ts';

console.log(JSON.stringify({ backend: backend().name, ...(await run()) }));
