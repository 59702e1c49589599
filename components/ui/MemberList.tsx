import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { MemberOption, SpecialOption } from './MemberOption.tsx';
import { useMemberSearch } from './member-search.ts';
import type { MemberListTexts, MemberSearch, PickerMember, PickerSpecial } from './members.ts';
import { visibleWindow } from './windowing.ts';
import './MemberList.css';

export interface MemberListProps {
  label: string;
  selected?: string | undefined;
  search: MemberSearch;
  used?: readonly PickerMember[] | undefined;
  specials?: readonly PickerSpecial[] | undefined;
  showSender?: boolean | undefined;
  nobody?: ComponentChildren;
  texts: MemberListTexts;
  onChoose: (id: string, member: PickerMember | undefined) => void;
  onCancel: () => void;
}

type Entry =
  | { kind: 'heading'; text: string; group: string }
  | { kind: 'special'; special: PickerSpecial }
  | { kind: 'member'; member: PickerMember };

/** Height of every entry in pixels: one number, so that a long list is a matter of arithmetic. */
const heights = { heading: 28, special: 52, member: 52, sender: 72 };
/** From so many entries on, only those in sight are in the document. */
const virtualFrom = 100;

/** The searchable list inside a member picker: keyboard, groups, reasons, and the question before a doubtful choice. */
export function MemberList(props: MemberListProps) {
  const { texts } = props;
  const id = useId();
  const [query, setQuery] = useState('');
  const { answer, state, retry } = useMemberSearch(props.search, query);
  const [active, setActive] = useState<string | null>(null);
  const [asking, setAsking] = useState<PickerMember | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const entries = listEntries(props, answer, query.trim());
  const choices = entries.filter((entry) => entry.kind !== 'heading');
  const chosen = choices.some((entry) => entryId(entry) === props.selected) ? props.selected : undefined;
  const first = choices.find((entry) => !isHeld(entry));
  const activeId = choices.some((entry) => entryId(entry) === active)
    ? active
    : ((query.trim() === '' ? chosen : undefined) ?? (first ? entryId(first) : null));

  const choose = (entry: Entry | undefined) => {
    if (!entry || entry.kind === 'heading' || isHeld(entry)) return;
    if (entry.kind === 'special') props.onChoose(entry.special.id, undefined);
    else if (entry.member.confirm) setAsking(entry.member);
    else props.onChoose(entry.member.id, entry.member);
  };
  const move = (to: (at: number) => number) => {
    if (choices.length === 0) return;
    const at = choices.findIndex((entry) => entryId(entry) === activeId);
    const next = choices[Math.max(0, Math.min(choices.length - 1, to(at)))];
    if (next) setActive(entryId(next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move((at) => (at + 1) % choices.length);
    else if (event.key === 'ArrowUp') move((at) => (at - 1 + choices.length) % choices.length);
    else if (event.key === 'PageDown') move((at) => at + 6);
    else if (event.key === 'PageUp') move((at) => at - 6);
    else if (event.key === 'Home') move(() => 0);
    else if (event.key === 'End') move(() => choices.length - 1);
    else if (event.key === 'Enter') choose(choices.find((entry) => entryId(entry) === activeId));
    else if (event.key === 'Escape') props.onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (asking?.confirm)
    return (
      <Question
        question={asking.confirm.question}
        yes={asking.confirm.yes}
        cancel={texts.cancel}
        onYes={() => props.onChoose(asking.id, asking)}
        onCancel={() => setAsking(null)}
      />
    );
  if (props.nobody !== undefined && query === '' && state === 'done' && choices.length === 0)
    return <Nobody onCancel={props.onCancel}>{props.nobody}</Nobody>;
  return (
    <div class="ow-members">
      <div class="ow-members-search">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          role="combobox"
          class="ow-members-input"
          aria-label={texts.search}
          placeholder={texts.search}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={activeId === null ? undefined : `${id}-${activeId}`}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setActive(null);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Options
        id={id}
        label={props.label}
        entries={entries}
        query={query}
        activeId={activeId}
        selected={props.selected}
        showSender={props.showSender ?? false}
        texts={texts}
        onChoose={choose}
      />
      <p
        class={
          state === 'slow' || state === 'failed' || choices.length === 0 ? 'ow-members-note' : 'ow-hidden'
        }
        role="status"
      >
        {state === 'failed'
          ? texts.failed
          : state === 'slow'
            ? texts.loading
            : state === 'waiting'
              ? ''
              : choices.length === 0
                ? texts.noMatch(query.trim())
                : texts.results(choices.length)}
      </p>
      {state === 'failed' && (
        <div class="ow-members-note">
          <Button small onClick={retry}>
            {texts.retry}
          </Button>
        </div>
      )}
    </div>
  );
}

function Options(props: {
  id: string;
  label: string;
  entries: Entry[];
  query: string;
  activeId: string | null;
  selected: string | undefined;
  showSender: boolean;
  texts: MemberListTexts;
  onChoose: (entry: Entry) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const { entries, activeId } = props;
  const height = (entry: Entry) =>
    entry.kind === 'member' && props.showSender ? heights.sender : heights[entry.kind];
  const tops: number[] = [];
  let total = 0;
  for (const entry of entries) {
    tops.push(total);
    total += height(entry);
  }
  const activeAt = entries.findIndex((entry) => entry.kind !== 'heading' && entryId(entry) === activeId);

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the active entry, whatever else changed
  useLayoutEffect(() => {
    const element = list.current;
    const top = tops[activeAt];
    const entry = entries[activeAt];
    if (!element || top === undefined || !entry) return;
    const view = element.clientHeight;
    // The heading above the first of a group comes into view with it.
    const start = entries[activeAt - 1]?.kind === 'heading' ? top - heights.heading : top;
    if (start < element.scrollTop) element.scrollTop = start;
    else if (top + height(entry) > element.scrollTop + view) element.scrollTop = top + height(entry) - view;
  }, [activeAt, entries.length]);

  const smallest = props.showSender ? heights.sender : heights.member;
  const near = visibleWindow(scroll, 364, smallest, entries.length + 2);
  const virtual = entries.length > virtualFrom;
  const shown = entries
    .map((entry, at) => ({ entry, at }))
    .filter(({ at }) => !virtual || (at >= near.from && at < near.to) || at === activeAt);
  const positions = new Map<Entry, number>();
  for (const entry of entries) if (entry.kind !== 'heading') positions.set(entry, positions.size + 1);
  return (
    <div
      ref={list}
      id={`${props.id}-list`}
      role="listbox"
      tabIndex={-1}
      aria-label={props.label}
      class="ow-members-list"
      onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
    >
      <div role="presentation" class="ow-members-canvas" style={{ blockSize: `${total}px` }}>
        {shown.map(({ entry, at }) =>
          entry.kind === 'heading' ? (
            <div
              key={`:${entry.group}`}
              role="presentation"
              class="ow-members-heading"
              style={{ insetBlockStart: `${tops[at]}px` }}
            >
              {entry.text}
            </div>
          ) : (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the combobox
            <div
              key={entryId(entry)}
              id={`${props.id}-${entryId(entry)}`}
              role="option"
              tabIndex={-1}
              class={`ow-members-option${entryId(entry) === activeId ? ' ow-members-active' : ''}`}
              style={{ insetBlockStart: `${tops[at]}px`, blockSize: `${height(entry)}px` }}
              aria-selected={entryId(entry) === props.selected}
              aria-disabled={isHeld(entry) ? 'true' : undefined}
              aria-setsize={positions.size}
              aria-posinset={positions.get(entry)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => props.onChoose(entry)}
            >
              {entry.kind === 'special' ? (
                <SpecialOption special={entry.special} />
              ) : (
                <MemberOption
                  member={entry.member}
                  query={props.query}
                  showSender={props.showSender}
                  texts={props.texts}
                />
              )}
              {entryId(entry) === props.selected && <Icon name="check" class="ow-members-check" />}
            </div>
          ),
        )}
      </div>
    </div>
  );
}

function Nobody({ children, onCancel }: { children: ComponentChildren; onCancel: () => void }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has the focus only so that Esc can leave it
    <div
      ref={note}
      tabIndex={-1}
      class="ow-members-note"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      {children}
    </div>
  );
}

function Question(props: {
  question: string;
  yes: string;
  cancel: string;
  onYes: () => void;
  onCancel: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('button')?.focus(), []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc leaves the question, whichever button has the focus
    <div
      ref={box}
      class="ow-members-question"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.onCancel();
      }}
    >
      <p role="alert">{props.question}</p>
      <div class="ow-line">
        <Button small onClick={props.onCancel}>
          {props.cancel}
        </Button>
        <Button small variant="primary" onClick={props.onYes}>
          {props.yes}
        </Button>
      </div>
    </div>
  );
}

function entryId(entry: Entry): string {
  if (entry.kind === 'special') return entry.special.id;
  return entry.kind === 'member' ? entry.member.id : `:${entry.group}`;
}

function isHeld(entry: Entry): boolean {
  return entry.kind === 'member' && entry.member.ineligible !== undefined;
}

/** Specials, then those used already, then everyone else; a search looks through all and shows the ineligible too. */
function listEntries(
  props: Pick<MemberListProps, 'used' | 'specials' | 'texts'>,
  answer: readonly PickerMember[],
  query: string,
): Entry[] {
  const wanted = query.toLowerCase();
  const hit = (...texts: string[]) =>
    wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted));
  const specials = (props.specials ?? []).filter((special) => hit(special.label));
  const facts = new Map(answer.map((member) => [member.id, member]));
  const used = (props.used ?? [])
    .filter((member) => hit(member.name, member.email))
    .map((member) => facts.get(member.id) ?? member)
    .filter((member) => wanted !== '' || member.ineligible === undefined);
  const usedIds = new Set(used.map((member) => member.id));
  const others = answer.filter(
    (member) => !usedIds.has(member.id) && (wanted !== '' || member.ineligible === undefined),
  );
  const entries: Entry[] = specials.map((special) => ({ kind: 'special', special }));
  if (used.length > 0) {
    entries.push({ kind: 'heading', text: props.texts.used, group: 'used' });
    for (const member of used) entries.push({ kind: 'member', member });
  }
  if (others.length > 0) {
    if (entries.length > 0) entries.push({ kind: 'heading', text: props.texts.everyone, group: 'everyone' });
    for (const member of others) entries.push({ kind: 'member', member });
  }
  return entries;
}
