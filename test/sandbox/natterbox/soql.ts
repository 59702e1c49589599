import { ApiError } from './errors.ts';

/** A query of SOQL as far as this org understands it. */
export interface Query {
  /** Dotted paths, as written. Empty for COUNT() alone. */
  fields: SelectedField[];
  count: boolean;
  from: string;
  where: Condition | undefined;
  groupBy: string[];
  orderBy: { path: string; descending: boolean; nullsLast: boolean | undefined }[];
  limit: number | undefined;
  offset: number;
}
export type SelectedField = { path: string } | { count: string; alias: string };
export type Literal = string | number | boolean | null;
export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; path: string; operator: '=' | '!=' | '<' | '>' | '<=' | '>=' | 'LIKE'; value: Literal }
  | { kind: 'in'; path: string; values: Literal[]; not: boolean };

interface Token {
  kind: 'word' | 'string' | 'number' | 'symbol';
  text: string;
}

const malformed = (message: string): ApiError => new ApiError(400, 'MALFORMED_QUERY', message);

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function tokenize(soql: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s+|'((?:[^'\\]|\\.)*)'|(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?)|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.]*)|(!=|<>|<=|>=|[=<>(),])/sy;
  while (pattern.lastIndex < soql.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(soql);
    if (!match) throw malformed(`unexpected token: '${soql.slice(at, at + 20)}'`);
    const [, string, date, number, word, symbol] = match;
    if (string !== undefined)
      // In a pattern of LIKE the escaped wildcards keep their backslash.
      tokens.push({
        kind: 'string',
        text: string.replace(/\\(.)/gs, (_all, next: string) =>
          next === '%' || next === '_' ? `\\${next}` : (escapes[next] ?? (next === '\\' ? '\\\\' : next)),
        ),
      });
    else if (date !== undefined) tokens.push({ kind: 'string', text: date });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
  }
  return tokens;
}

/** Parses a SELECT. Throws ApiError (MALFORMED_QUERY) for what this org does not understand. */
export function parseQuery(soql: string): Query {
  const tokens = tokenize(soql);
  let at = 0;

  const peek = (): Token | undefined => tokens[at];
  const isWord = (...words: string[]): boolean =>
    words.every((word, index) => {
      const token = tokens[at + index];
      return token?.kind === 'word' && token.text.toUpperCase() === word;
    });
  const accept = (...words: string[]): boolean => {
    if (!isWord(...words)) return false;
    at += words.length;
    return true;
  };
  const isSymbol = (symbol: string): boolean => peek()?.kind === 'symbol' && peek()?.text === symbol;
  const take = (symbol: string): boolean => {
    if (!isSymbol(symbol)) return false;
    at += 1;
    return true;
  };
  const expectSymbol = (symbol: string): void => {
    if (!take(symbol)) throw malformed(`expecting '${symbol}', found '${peek()?.text ?? 'EOF'}'`);
  };
  const path = (): string => {
    const token = peek();
    if (token?.kind !== 'word') throw malformed(`unexpected token: '${token?.text ?? 'EOF'}'`);
    at += 1;
    return token.text;
  };
  const whole = (): number => {
    const token = peek();
    if (token?.kind !== 'number' || !/^\d+$/.test(token.text)) throw malformed('expecting a number');
    at += 1;
    return Number(token.text);
  };
  const literal = (): Literal => {
    const token = peek();
    at += 1;
    if (token?.kind === 'string') return token.text;
    if (token?.kind === 'number') return Number(token.text);
    if (token?.kind === 'word' && /^(true|false|null)$/i.test(token.text))
      return { true: true, false: false, null: null }[token.text.toLowerCase()] ?? null;
    throw malformed(`unexpected token: '${token?.text ?? 'EOF'}'`);
  };

  const selected = (): SelectedField => {
    const name = path();
    if (name.toUpperCase() !== 'COUNT' || !take('(')) return { path: name };
    const counted = isSymbol(')') ? '' : path();
    expectSymbol(')');
    const next = peek();
    const named = next?.kind === 'word' && next.text.toUpperCase() !== 'FROM';
    return { count: counted, alias: named ? path() : 'expr0' };
  };

  const primary = (): Condition => {
    if (accept('NOT')) return { kind: 'not', part: primary() };
    if (take('(')) {
      const inner = alternatives();
      expectSymbol(')');
      return inner;
    }
    const left = path();
    if (accept('LIKE')) return { kind: 'compare', path: left, operator: 'LIKE', value: literal() };
    const not = accept('NOT', 'IN');
    if (not || accept('IN')) {
      expectSymbol('(');
      const values = [literal()];
      while (take(',')) values.push(literal());
      expectSymbol(')');
      return { kind: 'in', path: left, values, not };
    }
    const operator = peek()?.text === '<>' ? '!=' : peek()?.text;
    if (peek()?.kind !== 'symbol' || !/^(=|!=|<|>|<=|>=)$/.test(operator ?? ''))
      throw malformed(`unexpected token: '${peek()?.text ?? 'EOF'}'`);
    at += 1;
    return { kind: 'compare', path: left, operator: operator as '=', value: literal() };
  };
  const alternatives = (): Condition => {
    const parts = [primary()];
    const [first] = parts;
    const kind = isWord('OR') ? 'or' : 'and';
    while (accept(kind.toUpperCase())) parts.push(primary());
    // As Salesforce does: AND and OR side by side need parentheses.
    if (isWord('AND') || isWord('OR')) throw malformed(`unexpected token: '${peek()?.text}'`);
    return parts.length === 1 && first ? first : { kind, parts };
  };

  if (!accept('SELECT')) throw malformed('expecting SELECT');
  const chosen = [selected()];
  while (take(',')) chosen.push(selected());
  if (!accept('FROM')) throw malformed(`unexpected token: '${peek()?.text ?? 'EOF'}'`);
  const from = path();
  const where = accept('WHERE') ? alternatives() : undefined;
  const groupBy: string[] = [];
  if (accept('GROUP', 'BY'))
    do groupBy.push(path());
    while (take(','));
  const orderBy: Query['orderBy'] = [];
  if (accept('ORDER', 'BY'))
    do {
      const by = path();
      const descending = accept('DESC');
      if (!descending) accept('ASC');
      const last = accept('NULLS', 'LAST');
      const first = !last && accept('NULLS', 'FIRST');
      orderBy.push({ path: by, descending, nullsLast: last ? true : first ? false : undefined });
    } while (take(','));
  const limit = accept('LIMIT') ? whole() : undefined;
  const offset = accept('OFFSET') ? whole() : 0;
  if (offset > 2000)
    throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  if (peek()) throw malformed(`unexpected token: '${peek()?.text}'`);
  const [only] = chosen;
  const count =
    chosen.length === 1 && only !== undefined && 'count' in only && only.count === '' && groupBy.length === 0;
  return { fields: count ? [] : chosen, count, from, where, groupBy, orderBy, limit, offset };
}
