import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatNumber } from '../core/format.ts';
import { location, navigate, withQuery } from '../core/location.ts';
import { members } from '../core/members.ts';
import type { Paged } from '../types.ts';
import { Icon } from './icon.tsx';

interface PageHeaderProps {
  title: string;
  about?: ComponentChildren;
  /** Links to the pages above this one. */
  trail?: { href: string; label: string }[];
  actions?: ComponentChildren;
}

/** The head of a page: where it is, its heading, and what can be done here. */
export function PageHeader({ title, about, trail, actions }: PageHeaderProps) {
  return (
    <header class="page-header">
      <div class="page-title">
        {trail && <Trail trail={trail} />}
        <h1>{title}</h1>
        {about && <p class="about">{about}</p>}
      </div>
      {actions && <div class="page-actions">{actions}</div>}
    </header>
  );
}

/** Links to the pages above this one. */
export function Trail({ trail }: { trail: { href: string; label: string }[] }) {
  return (
    <nav class="trail" aria-label="Breadcrumb">
      {trail.map(({ href, label }) => (
        <span key={href}>
          <a href={href}>{label}</a>
          <Icon name="chevron" size={14} />
        </span>
      ))}
    </nav>
  );
}

/** Links between the pages of one area; the one that is nearest above the current page is marked. */
export function Tabs({ label, tabs }: { label: string; tabs: { href: string; label: string }[] }) {
  const here = location.value.pathname;
  const above = tabs.map((tab) => tab.href).filter((href) => here === href || here.startsWith(`${href}/`));
  const current = above.sort((a, b) => b.length - a.length)[0];
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ href, label: text }) => (
        <a
          key={href}
          href={href}
          aria-current={href === current ? (href === here ? 'page' : 'true') : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}

export const settingsTabs = [
  { href: '/settings/users', label: 'Users' },
  { href: '/settings/email', label: 'Mailboxes' },
  { href: '/settings/email/signatures', label: 'Signatures' },
  { href: '/settings/developer', label: 'Developer' },
  { href: '/settings/attributes', label: 'Custom attributes' },
];

/** A search field whose text is the query parameter `q`. */
export function Search({ label }: { label: string }) {
  const current = location.value.query.get('q') ?? '';
  const [text, setText] = useState(current);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <label class="search">
      <Icon name="search" size={18} />
      <span class="hidden">{label}</span>
      <input
        type="search"
        placeholder={label}
        value={text}
        onInput={(event) => {
          const value = event.currentTarget.value;
          setText(value);
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => navigate(withQuery({ q: value.trim() }), true), 200);
        }}
      />
    </label>
  );
}

interface FilterProps {
  label: string;
  /** The query parameter. */
  param: string;
  any: string;
  options: { value: string; label: string }[];
}

/** A choice that is a query parameter. */
export function Filter({ label, param, any, options }: FilterProps) {
  const value = location.value.query.get(param) ?? '';
  return (
    <label class="filter">
      <span>{label}</span>
      <select
        class="select"
        value={value}
        data-set={value !== ''}
        onChange={(event) => navigate(withQuery({ [param]: event.currentTarget.value }), true)}
      >
        <option value="">{any}</option>
        {value !== '' && !options.some((option) => option.value === value) && (
          <option value={value}>{value}</option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A filter by member. */
export function MemberFilter({ label, param }: { label: string; param: string }) {
  const options = [...members.value.values()].map((member) => ({
    value: member.id,
    label: member.active ? member.name : `${member.name} (inactive)`,
  }));
  return <Filter label={label} param={param} any="Anyone" options={options} />;
}

/** How many there are, and links to the other pages of a longer list. */
export function Pager({ list, noun }: { list: Paged<unknown>; noun: string }) {
  const to = (page: number) => {
    const address = withQuery({});
    return `${address}${address.includes('?') ? '&' : '?'}page=${page}`;
  };
  return (
    <nav class="pager" aria-label="Pages">
      <p>
        {formatNumber(list.total)} {noun}
        {list.pages > 1 && `, page ${formatNumber(list.page)} of ${formatNumber(list.pages)}`}
      </p>
      {list.pages > 1 && (
        <div>
          {list.page > 1 && (
            <a class="button" href={to(list.page - 1)}>
              Previous
            </a>
          )}
          {list.page < list.pages && (
            <a class="button" href={to(list.page + 1)}>
              Next
            </a>
          )}
        </div>
      )}
    </nav>
  );
}

/** The path of the application's own API with those query parameters of the address that it understands. */
export function apiPath(path: string, names: readonly string[]): string {
  const query = new URLSearchParams();
  for (const name of names) {
    const value = location.value.query.get(name);
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
