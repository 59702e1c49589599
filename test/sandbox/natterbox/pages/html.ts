/** Text that is safe in HTML, made by the tag `html`. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const textOf = (part: Part): string => {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(textOf).join('');
};

/** A template whose parts are escaped, save those that are Html themselves. */
export const html = (texts: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(texts.map((text, index) => text + textOf(parts[index])).join(''));

/** A table with a caption for screen readers and a row of headings. */
export const table = (caption: string, headings: readonly string[], rows: readonly Html[]): Html => html`
  <div class="scroll">
    <table>
      <caption>${caption}</caption>
      <thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
      <tbody>${rows.length > 0 ? rows : html`<tr><td colspan="${headings.length}" class="quiet">Nothing here.</td></tr>`}</tbody>
    </table>
  </div>`;

/** A state as a coloured word. */
export const badge = (on: boolean, yes: string, no: string): Html =>
  html`<span class="badge ${on ? 'on' : 'off'}">${on ? yes : no}</span>`;
