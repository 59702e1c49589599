/** What `BookChart` draws: what each replacement holds today, and what is added. */
export interface BookRow {
  id: string;
  name: string;
  today: number;
  added: number;
}

export interface BookUnit {
  id: string;
  /** "Customers", "ARR", "Open tasks". */
  label: string;
  rows: readonly BookRow[];
  /** A value as text, in the unit's own form. */
  format: (value: number) => string;
  /** Median of the whole team, drawn as a thin line; undefined where the workspace does not tell. */
  median?: number | undefined;
}

export interface BookChartTexts {
  /** Caption of the table and name of the group. */
  title: string;
  unit: string;
  name: string;
  today: string;
  added: string;
  after: string;
  /** "4.4 × the median": given the factor, shown from twice the median on. */
  timesMedian: (factor: number) => string;
  median: (value: string) => string;
  showMore: (count: number) => string;
  showFewer: string;
  showTable: string;
  hideTable: string;
  /** Accessible name of a row as a button: "Show the items of Tom Okafor". */
  filterTo: (name: string) => string;
}

export interface BookChartProps {
  /** Only units that the workspace delivers; one switch when there is more than one. */
  units: readonly BookUnit[];
  texts: BookChartTexts;
  /** Filters the table to that person. Without it rows are no buttons. */
  onSelect?: (memberId: string) => void;
}
