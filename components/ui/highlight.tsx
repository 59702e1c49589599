import type { ComponentChildren } from 'preact';

/**
 * A text with each occurrence of a query in bold, without regard to case. A text whose length changes by folding
 * (such as "İ") is left as it is.
 */
export function highlight(text: string, query: string): ComponentChildren {
  const wanted = query.trim().replace(/\s+/gu, ' ').toLowerCase();
  const folded = text.toLowerCase();
  if (wanted === '' || folded.length !== text.length) return text;
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, from)) {
    if (at > from) parts.push(text.slice(from, at));
    parts.push(<mark key={at}>{text.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  if (parts.length === 0) return text;
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
