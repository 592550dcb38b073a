import { Linear, Sequential, ReLU } from './dist/index.js';
import { crossEntropy, randn, tensor, scope } from '@maru-ml/tensor';
import { SGD } from '@maru-ml/optim';
const net = new Sequential(new Linear(784, 256, {seed:1}), new ReLU(), new Linear(256, 10, {seed:2}));
const x = randn([64, 784], {seed:3}); const y = tensor(Array.from({length:64},(_, i)=>i%10), {dtype:'int32'});
const opt = new SGD(net.parameters(), { lr: 0.01 });
function step() { opt.zeroGrad(); const l = crossEntropy(net.forward(x), y); l.backward(); opt.step(); return l; }
for (let i=0;i<50;i++) step();
for (const [name, f] of [['plain', step], ['scope', ()=>scope(()=>{step();})]]) {
  const ts=[]; for (let i=0;i<200;i++){const a=performance.now(); f(); ts.push(performance.now()-a);} ts.sort((a,b)=>a-b); console.log(name, ts[100].toFixed(3),'ms', ts[10].toFixed(3));
}
const n2 = new Sequential(new Linear(2,10,{seed:1}), new ReLU(), new Linear(10,1,{seed:2}));
const X = tensor([[0,0],[0,1],[1,0],[1,1]]), Y = tensor([[0],[1],[1],[0]]);
const o2 = new SGD(n2.parameters(), {lr:.1});
import { mseLoss } from './dist/index.js';
function s2(){ o2.zeroGrad(); mseLoss(n2.forward(X), Y).backward(); o2.step(); }
for (let i=0;i<3000;i++) s2();
const ts=[]; for (let i=0;i<3000;i++){const a=performance.now(); s2(); ts.push(performance.now()-a);} ts.sort((a,b)=>a-b); console.log('xor', (ts[1500]*1000).toFixed(1),'us');
