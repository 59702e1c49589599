/**
 * Does something for each row, one after another, while `goesOn`. That it failed for one keeps it from no other; the
 * first fault is thrown at the end.
 */
export async function forEach<R>(
  rows: readonly R[],
  work: (row: R) => Promise<unknown>,
  goesOn: () => Promise<boolean> = async () => true,
): Promise<void> {
  const faults: unknown[] = [];
  for (const row of rows) {
    if (!(await goesOn())) break;
    await work(row).catch((error: unknown) => faults.push(error));
  }
  if (faults.length > 0) throw faults[0];
}
