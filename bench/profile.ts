import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * Returns the functions of the profiles in a folder that took most time themselves, with their shares of the busy time.
 * The first `skipMs` of each profile are left out: the start of the server.
 */
export function topFunctions(
  folder: string,
  skipMs: number,
  count: number,
): readonly (readonly [name: string, share: number])[] {
  const times = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
    let elapsed = 0;
    samples.forEach((id, index) => {
      const time = timeDeltas[index]!;
      elapsed += time;
      if (elapsed < skipMs * 1000) return;
      const name = names.get(id)!;
      times.set(name, (times.get(name) ?? 0) + time);
    });
  }
  times.delete('(idle)');
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  const slowest = [...times].sort(([, a], [, b]) => b - a).slice(0, count);
  return slowest.map(([name, time]) => [name, time / busy]);
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: CpuProfile['nodes'][number]): string {
  if (url === '') return functionName;
  const path = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
  return `${functionName || '(anonymous)'} ${path.replace(/^.*node_modules\//, '')}:${lineNumber + 1}`;
}
