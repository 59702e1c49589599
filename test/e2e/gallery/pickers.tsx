import { useState } from 'preact/hooks';
import { Card } from '../../../components/ui/Card.tsx';
import {
  MemberPicker,
  type MemberPickerTexts,
  type MemberSearch,
  type PickerMember,
  type PickerSpecial,
} from '../../../components/ui/MemberPicker.tsx';

export const pickerTexts: MemberPickerTexts = {
  placeholder: 'Choose a member',
  search: 'Search members',
  used: 'Used in this plan',
  everyone: 'Everyone',
  loading: 'Searching…',
  noMatch: (query) => `No member matches “${query}”.`,
  results: (count) => `${count} members.`,
  failed: 'The members could not be read.',
  retry: 'Try again',
  cancel: 'Cancel',
  mailbox: { yes: 'Mailbox connected', no: 'No mailbox', unknown: 'Mailbox not known' },
  signature: { yes: 'Signature set', no: 'No signature', unknown: 'Signature not known' },
};

const known: PickerMember[] = [
  {
    id: 'tom',
    name: 'Tom Okafor',
    email: 'tom.okafor@acme.example',
    facts: '62 customers + 212',
    sender: { mailbox: 'yes', signature: 'yes' },
  },
  {
    id: 'mei',
    name: 'Mei Tanaka',
    email: 'mei.tanaka@acme.example',
    facts: '48 customers',
    sender: { mailbox: 'yes', signature: 'no' },
  },
  {
    id: 'lea',
    name: 'Lea Brandt',
    email: 'lea.brandt@acme.example',
    warning: 'Leaves too (draft by Alex Chen)',
    confirm: {
      question: 'Lea Brandt leaves too. Give her these items all the same?',
      yes: 'Give to Lea Brandt',
    },
    sender: { mailbox: 'unknown', signature: 'unknown' },
  },
  { id: 'omar', name: 'Omar Said', email: 'omar.said@acme.example', ineligible: 'Inactive' },
  { id: 'dana', name: 'Dana Ruiz', email: 'dana.ruiz@acme.example', ineligible: 'Is the leaver' },
  {
    id: 'max',
    name: 'Maximiliane-Friederike von Hohenlohe-Langenburg',
    email: 'maximiliane-friederike.von-hohenlohe-langenburg@customer-success.acme.example',
    facts: '1,204 customers + 4,312',
  },
];
const crowd: PickerMember[] = Array.from({ length: 300 }, (_, index) => ({
  id: `m${index}`,
  name: `Member ${String(index).padStart(3, '0')}`,
  email: `member.${index}@acme.example`,
  facts: `${index % 80} customers`,
}));

const within =
  (members: PickerMember[]): MemberSearch =>
  async (query) =>
    members.filter(({ name, email }) => `${name}\n${email}`.toLowerCase().includes(query.toLowerCase()));

/** Answers for “t” come late, so that a later question overtakes them. */
const slowForT: MemberSearch = async (query) => {
  if (query === 't') await new Promise((resolve) => setTimeout(resolve, 400));
  return within(known)(query, new AbortController().signal);
};

const same: PickerSpecial = {
  id: 'same',
  label: 'Same as the customer’s new CSM',
  description: 'Keeps each customer’s things together',
};
const used = known.slice(0, 1);

function Field(props: {
  id: string;
  label: string;
  search: MemberSearch;
  senders?: boolean;
  used?: PickerMember[];
  specials?: PickerSpecial[];
}) {
  const [value, setValue] = useState<PickerMember | PickerSpecial | null>(null);
  return (
    <Card headingLevel={2} heading={props.label} aside={<span class="ow-strong">212</span>}>
      <MemberPicker
        id={props.id}
        label={`Replacement for ${props.label}`}
        value={value}
        search={props.search}
        used={props.used ?? []}
        specials={props.specials ?? []}
        showSender={props.senders ?? false}
        onChange={(id, member) =>
          setValue(member ?? props.specials?.find((special) => special.id === id) ?? null)
        }
        texts={pickerTexts}
        note={
          props.senders
            ? 'Mailbox and signature stay with Dana Ruiz. Messages go out from the new sender’s own.'
            : undefined
        }
      />
    </Card>
  );
}

export function PickerSection() {
  return (
    <>
      <Field id="typical" label="Open tasks" search={slowForT} used={used} specials={[same]} />
      <Field id="senders" label="Email senders" search={within(known)} senders />
      <Field id="crowd" label="Customers by CSM" search={within(crowd)} />
      <Field id="broken" label="Dashboards" search={() => Promise.reject(new Error('offline'))} />
      <MemberPicker
        id="nobody"
        label="Replacement for saved views"
        value={null}
        search={async () => []}
        nobody="No active member can receive this. Activate or invite somebody, then scan again."
        onChange={() => undefined}
        texts={pickerTexts}
      />
      <MemberPicker
        label="Replacement for customers"
        value={{ id: 'omar', name: 'Omar Said', email: 'omar.said@acme.example' }}
        search={within(known)}
        error="Omar Said became inactive. Choose somebody else for 212 customers."
        onChange={() => undefined}
        texts={pickerTexts}
      />
      <MemberPicker
        label="Locked"
        value={known[0] ?? null}
        search={within(known)}
        disabled
        onChange={() => undefined}
        texts={pickerTexts}
      />
      <div class="ow-line">
        <MemberPicker
          form="button"
          label="Give to…"
          value={null}
          search={within(known)}
          onChange={() => undefined}
          texts={pickerTexts}
        />
      </div>
    </>
  );
}
