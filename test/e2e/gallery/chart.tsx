import { useState } from 'preact/hooks';
import { BookChart, type BookChartTexts, type BookUnit } from '../../../components/ui/BookChart.tsx';
import { Card } from '../../../components/ui/Card.tsx';

const texts: BookChartTexts = {
  title: 'Book before and after',
  unit: 'Unit',
  name: 'Replacement',
  today: 'Today',
  added: 'Added',
  after: 'After',
  timesMedian: (factor) => `${factor.toFixed(1)} × the median`,
  median: (value) => `Team median ${value}`,
  showMore: (count) => `Show ${count} more`,
  showFewer: 'Show fewer',
  showTable: 'Show as table',
  hideTable: 'Show as bars',
  filterTo: (name) => `Show what ${name} receives`,
};
const format = (value: number) => value.toLocaleString('en');
const units: BookUnit[] = [
  {
    id: 'customers',
    label: 'Customers',
    format,
    median: 62,
    rows: [
      { id: 'tom', name: 'Tom Okafor', today: 62, added: 212 },
      { id: 'mei', name: 'Mei Tanaka', today: 48, added: 38 },
      { id: 'lea', name: 'Maximiliane-Friederike von Hohenlohe', today: 0, added: 12 },
      { id: 'ana', name: 'Ana Lopez', today: 71, added: 0 },
      ...Array.from({ length: 11 }, (_, index) => ({
        id: `m${index}`,
        name: `Member ${index}`,
        today: 20 + index * 3,
        added: index,
      })),
    ],
  },
  {
    id: 'arr',
    label: 'ARR',
    format: (value) => `$${format(value)}`,
    rows: [{ id: 'tom', name: 'Tom Okafor', today: 1_200_000, added: 400_000 }],
  },
];

export function ChartSection() {
  const [chosen, setChosen] = useState('');
  return (
    <>
      <Card>
        <BookChart units={units} texts={texts} onSelect={setChosen} />
      </Card>
      <Card>
        <BookChart units={units.slice(1)} texts={texts} />
      </Card>
      <p id="chosen">{chosen}</p>
    </>
  );
}
