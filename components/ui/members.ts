/** The words and shapes that `MemberPicker` and `MemberList` speak in. */

export interface PickerMember {
  id: string;
  name: string;
  email: string;
  /** Facts at the end of the row, for example "62 customers + 212". */
  facts?: string | undefined;
  /** Why this member cannot be chosen ("Inactive", "Is the leaver"). Such members show only when searched for. */
  ineligible?: string | undefined;
  /** An amber line, for example "Leaves too (draft by Alex Chen)". The member can be chosen. */
  warning?: string | undefined;
  /** Asked once, in the list, before this member is taken: the question and its button's label. */
  confirm?: { question: string; yes: string } | undefined;
  /** Sender set-up; shown only where `showSender` is set. */
  sender?: { mailbox: 'yes' | 'no' | 'unknown'; signature: 'yes' | 'no' | 'unknown' } | undefined;
}

/** A choice that is no member, such as "Same as the customer's new CSM". Always on top. */
export interface PickerSpecial {
  id: string;
  label: string;
  description?: string | undefined;
}

/**
 * Members that match what was typed; the empty query means everyone, by name. Ineligible members may be among the
 * answers: the list leaves them out while nothing is typed. Rejecting shows `texts.failed` with a retry.
 */
export type MemberSearch = (query: string, signal: AbortSignal) => Promise<readonly PickerMember[]>;

export interface MemberListTexts {
  /** Placeholder and label of the search field. */
  search: string;
  /** Headings of the two groups. */
  used: string;
  everyone: string;
  /** Said and shown while an answer is awaited for more than 200 ms. */
  loading: string;
  /** "No member matches “qbr”." */
  noMatch: (query: string) => string;
  /** "12 members." Said after each search. */
  results: (count: number) => string;
  /** The search could not be made, and the button that makes it again. */
  failed: string;
  retry: string;
  /** Leaves the question of `confirm` without choosing. */
  cancel: string;
  /** The two checks of a sender, and their three answers, for example "Mailbox connected: yes". */
  mailbox: { yes: string; no: string; unknown: string };
  signature: { yes: string; no: string; unknown: string };
}
