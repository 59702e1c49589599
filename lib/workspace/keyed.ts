/** Workspaces that are reached with a key which an admin types in: what a form has to know, and what comes of it. */

/** A kind of workspace that is connected by key. */
export interface KeyedKind {
  kind: string;
  /** What its maker calls the product. */
  name: string;
  /** Origins of the pages that it applies to. */
  pages: readonly string[];
  /** Origins of the API to choose from; another one can be typed, as long as `isApi` knows it. */
  apis: readonly string[];
  /** Whether a key may be sent to this origin at all. */
  isApi(origin: string): boolean;
  /** The page where an admin makes a key, on the workspace's pages at this origin. */
  keyPage(origin: string): string;
}

/** What the admin typed in. */
export interface KeyInput {
  /** Origin of the workspace's pages. */
  origin: string;
  /** Origin of its API. */
  api: string;
  key: string;
  /** What the workspace is called here; the product's name unless told. */
  name?: string;
  /** Who acts, in the admin's own words: the API cannot say it. Recorded as not verified. */
  actor?: { name: string; email: string };
}

/** What harmless reads have shown of a key, in the order of the reads. */
export interface KeyFindings {
  /** Whose key it is, or why that cannot be known. */
  owner: { known: true; name: string; email?: string } | { known: false; detail: string };
  reads: { id: string; name: string; answer: 'yes' | 'forbidden' | 'failed'; detail?: string }[];
  /** Whether it may write; nothing is written to find that out. */
  writes: { known: false; detail: string };
  /** Sentences for the admin, worst first. */
  warnings: string[];
}
