import type { Item } from './model.ts';

/** Between two fields: a query never holds it, so a match cannot run across fields. */
const separator = '\n';

/**
 * What a search looks through: title, customer and every column of an item, in one string, folded as `matches`
 * folds its query. Tables, plans and the engine share it, so that "everything that matches" means the same to all.
 */
export function searchText(item: Pick<Item, 'title' | 'columns'> & { customer?: { name: string } }): string {
  const fields: string[] = [item.title];
  if (item.customer) fields.push(item.customer.name);
  for (const value of Object.values(item.columns)) if (value !== null) fields.push(String(value));
  return fold(fields.join(separator));
}

/** A query as it is compared: folded, with its white space trimmed and each run of it made one space. */
export function normalizeQuery(query: string): string {
  return fold(query).trim().replace(/\s+/gu, ' ');
}

/** Whether a query occurs in a text made by `searchText`. The empty query matches everything. */
export function matches(text: string, query: string): boolean {
  return text.includes(normalizeQuery(query));
}

/** Case is folded without regard to a language, so that two browsers agree; composed and decomposed letters too. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
