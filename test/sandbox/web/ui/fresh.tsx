import { type ComponentChildren, Fragment } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { location } from '../core/location.ts';
import type { Resource } from '../core/resource.ts';
import { Failure, Skeleton } from './feedback.tsx';

interface FreshProps<T> {
  resource: Resource<T>;
  /** What is loading, for the skeleton's name. */
  label: string;
  rows?: number;
  children(data: T): ComponentChildren;
}

/**
 * Shows a resource: a skeleton first, the failure if there is one, then the data. With each server event all its
 * nodes are made anew; the focus comes back to the element of the same id.
 */
export function Fresh<T>({ resource, label, rows, children }: FreshProps<T>) {
  const { data, error, loading, revision } = resource;
  const drawn = useRef(revision);
  const focus = useRef<string | undefined>(undefined);
  const box = useRef<HTMLDivElement>(null);
  const scrolled = useRef(false);
  if (drawn.current !== revision) {
    const active = document.activeElement;
    focus.current = active && box.current?.contains(active) ? active.id : undefined;
  }
  useLayoutEffect(() => {
    if (drawn.current !== revision) {
      drawn.current = revision;
      if (focus.current) document.getElementById(focus.current)?.focus({ preventScroll: true });
    }
    if (data !== undefined && !scrolled.current) {
      scrolled.current = true;
      const { anchor } = location.value;
      if (anchor) document.getElementById(anchor)?.scrollIntoView({ block: 'center' });
    }
  });
  if (data === undefined) {
    if (error) return <Failure message={error} retry={() => void resource.reload()} />;
    return <Skeleton label={label} {...(rows === undefined ? {} : { rows })} />;
  }
  return (
    <div class="fresh" ref={box} aria-busy={loading}>
      {error && (
        <Failure message={`${error} What you see may be old.`} retry={() => void resource.reload()} />
      )}
      <Fragment key={revision}>{children(data)}</Fragment>
    </div>
  );
}

/** Attributes of a row that an address can point to: its id, and a mark when the address does. */
export function anchored(id: string): { id: string; 'data-marked'?: 'true' } {
  return location.value.anchor === id ? { id, 'data-marked': 'true' } : { id };
}
