import type { Run, ScannedCategory } from '../offboarding/model.ts';
import type { OpenRequest } from './table/projection.ts';

/**
 * What a table asks for to show a category of a run; `locale` is a BCP 47 tag. While only a scan can change the rows of
 * a category, they are of the edition of that scan, and whatever was read of it holds for everybody.
 */
export function requestOf(
  run: Pick<Run, 'id' | 'phase' | 'scan'>,
  category: Pick<ScannedCategory, 'id' | 'action' | 'columns'>,
  locale: string,
): OpenRequest {
  const { endedAt, state } = run.scan;
  const settled = run.phase === 'draft' && state === 'done' && category.action !== 'manual';
  return {
    run: run.id,
    category: category.id,
    columns: category.columns.map(({ key, type, priority }) => ({ key, type, priority })),
    locale,
    ...(settled && endedAt !== undefined ? { edition: endedAt } : {}),
  };
}
