import type { Member, Run } from '../../lib/offboarding/model.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { phaseName } from '../../lib/panel/words.ts';
import type { MemberPickerTexts, MemberSearch, PickerMember } from '../ui/MemberPicker.tsx';
import { useWords } from './context.ts';

/** Id of the choice "same as the customer's new CSM"; no member can have it. */
export const followCustomer = 'same-as-customer';

/** What every member picker of the wizard is given: texts, the search, and how a member is shown. */
export function usePicker(wizard: Pick<WizardModel, 'members'> & { run: { value: Pick<Run, 'leaver'> } }): {
  texts: MemberPickerTexts;
  search: MemberSearch;
  show: (id: string) => PickerMember;
} {
  const { text } = useWords();
  const { members } = wizard;
  const leaver = wizard.run.value.leaver.id;

  const toPicker = (member: Member): PickerMember => {
    const ineligible =
      member.id === leaver ? text('picker_leaver') : member.active ? undefined : text('picker_inactive');
    const { leaving } = member;
    const gone = leaving && { name: member.name, by: leaving.by, phase: phaseName(text, leaving.phase) };
    return {
      id: member.id,
      name: member.name,
      email: member.email,
      facts:
        member.holds?.customers === undefined
          ? undefined
          : text('picker_holds', { customers: member.holds.customers }),
      ineligible,
      warning: gone && text('picker_leaving', gone),
      confirm: gone && {
        question: text('picker_leaving_body', gone),
        yes: text('picker_leaving_action', gone),
      },
      sender: member.sender,
    };
  };

  return {
    texts: {
      placeholder: text('choose_member'),
      search: text('picker_search'),
      used: text('picker_used'),
      everyone: text('picker_everyone'),
      loading: text('picker_loading'),
      noMatch: (query) => text('picker_none', { query }),
      results: (count) => text('picker_results', { count }),
      failed: text('picker_failed'),
      retry: text('retry'),
      cancel: text('cancel'),
      mailbox: {
        yes: text('picker_mailbox_yes'),
        no: text('picker_mailbox_no'),
        unknown: text('picker_mailbox_unknown'),
      },
      signature: {
        yes: text('picker_signature_yes'),
        no: text('picker_signature_no'),
        unknown: text('picker_signature_unknown'),
      },
    },
    search: async (query) => (await members.find(query)).map(toPicker),
    show: (id) => {
      const member = members.byId.value.get(id);
      return member ? toPicker(member) : { id, name: id, email: '' };
    },
  };
}
