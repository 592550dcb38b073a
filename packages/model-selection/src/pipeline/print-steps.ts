/** Each step on a line. */
export function printSteps(name: string, steps: readonly object[]): string {
  const lines = steps.map((step, i) => {
    const [line = ''] = String(step).split('\n');
    return `  ${i + 1}. ${line.length > 100 ? `${line.slice(0, 99)}…` : line}`;
  });
  if (lines.length > 3) lines.splice(3, lines.length, `  … ${lines.length} steps in all`);
  return [name, ...lines].join('\n');
}
