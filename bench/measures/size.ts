import { readFileSync } from 'node:fs';
import { buildVsix } from '../../test/support/vsix';
import type { Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';
import { zipEntries } from '../support/zipEntries';

const vsixLimitKb = 400;
const bundle = /^extension\/dist\/(.+\.js)$/;

/** What a person downloads, and what each process loads of it. */
export async function measureSize({ print }: BenchContext): Promise<Measured> {
  const { path, bytes } = await buildVsix();
  const entries = [...zipEntries(readFileSync(path))].sort((a, b) => b.packedBytes - a.packedBytes);
  for (const { name, bytes: whole, packedBytes } of entries) {
    print(
      `  ${kilobytes(packedBytes).toFixed(1).padStart(8)} KB of ${kilobytes(whole).toFixed(1).padStart(7)} KB  ${name}`,
    );
  }
  const bundles = entries.flatMap(({ name, bytes: whole }) => {
    const file = bundle.exec(name)?.[1];
    return file === undefined ? [] : [{ measure: `bundle ${file}`, unit: 'KB' as const, ours: kilobytes(whole) }];
  });
  return {
    comparisons: [
      { measure: 'VSIX', unit: 'KB', ours: kilobytes(bytes), target: { of: 'ours', atMost: vsixLimitKb } },
      ...bundles,
    ],
    notes: [`The VSIX holds ${entries.length} files.`],
  };
}

function kilobytes(bytes: number): number {
  return bytes / 1024;
}
