import { Avatar } from './Avatar.tsx';
import { highlight } from './highlight.tsx';
import { Icon } from './Icon.tsx';
import type { MemberListTexts, PickerMember, PickerSpecial } from './members.ts';
import './MemberList.css';

/** What is inside an option that is no member. */
export function SpecialOption({ special }: { special: PickerSpecial }) {
  return (
    <>
      <span class="ow-members-special">
        <Icon name="same" />
      </span>
      <span class="ow-members-text">
        <span class="ow-members-name">{special.label}</span>
        {special.description !== undefined && <span class="ow-members-email">{special.description}</span>}
      </span>
    </>
  );
}

/** What is inside an option that is a member: name, e-mail address, facts or reason, warning, sender checks. */
export function MemberOption(props: {
  member: PickerMember;
  query: string;
  showSender: boolean;
  texts: MemberListTexts;
}) {
  const { member, query, texts } = props;
  const warning = member.ineligible === undefined ? member.warning : undefined;
  return (
    <>
      <Avatar name={member.name} size={28} />
      <span class="ow-members-text">
        <span class="ow-members-line">
          <span class="ow-members-name" dir="auto">
            {highlight(member.name, query)}
          </span>
          {warning !== undefined ? (
            <span class="ow-members-warning" title={warning}>
              <Icon name="warning" size={12} />
              <span class="ow-ellipsis">{warning}</span>
            </span>
          ) : (
            <Facts text={member.ineligible ?? member.facts} />
          )}
        </span>
        <span class="ow-members-line">
          <span class="ow-members-email" dir="auto" title={member.email}>
            {highlight(member.email, query)}
          </span>
          {warning !== undefined && <Facts text={member.facts} />}
        </span>
        {props.showSender && (
          <span class="ow-members-line">
            <SenderCheck value={member.sender?.mailbox ?? 'unknown'} texts={texts.mailbox} />
            <SenderCheck value={member.sender?.signature ?? 'unknown'} texts={texts.signature} />
          </span>
        )}
      </span>
    </>
  );
}

function Facts({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <span class="ow-members-facts" title={text}>
      {text}
    </span>
  );
}

const senderIcons = { yes: 'moved', no: 'close', unknown: 'unknown' } as const;

function SenderCheck({
  value,
  texts,
}: {
  value: 'yes' | 'no' | 'unknown';
  texts: MemberListTexts['mailbox'];
}) {
  return (
    <span class={`ow-members-sender ow-members-sender-${value}`}>
      <Icon name={senderIcons[value]} size={12} />
      <span class="ow-ellipsis" title={texts[value]}>
        {texts[value]}
      </span>
    </span>
  );
}
