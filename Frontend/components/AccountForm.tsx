'use client';

import { useActionState, useEffect, useRef } from 'react';
import type { AccountState } from '@/app/account/actions';
import type { WayBack } from '@/lib/account-form';
import { FieldNote } from './FieldNote';

export interface AccountField {
  name: string;
  label: string;
  type: 'email' | 'password';
  autoComplete: string;
  hint?: string;
}

const first: AccountState = { email: '', errors: {}, message: '', done: false, turn: 0 };

/** A form about an account; works as a plain form too. A password is never sent back into it. */
export function AccountForm({ action, fields, button, busy, notice, next }: {
  action: (previous: AccountState, form: FormData) => Promise<AccountState>;
  fields: readonly AccountField[];
  button: string;
  busy: string;
  notice?: string;
  /** Where to go on afterwards, if not to the account. */
  next?: WayBack;
}) {
  const [state, submit, pending] = useActionState(action, first);
  const said = useRef<HTMLParagraphElement>(null);
  const message = state.message || (state.turn === 0 ? notice : '');

  useEffect(() => {
    if (state.turn > 0) said.current?.focus();
  }, [state.turn]);

  return (
    <form action={submit} noValidate className="max-w-[26rem] space-y-5">
      {message && (
        <p
          ref={said}
          tabIndex={-1}
          role={state.done ? 'status' : 'alert'}
          className={`border-l-4 bg-sheet px-5 py-4 font-display ${state.done ? 'border-spot' : 'border-warn'}`}
        >
          {message}
        </p>
      )}
      {next && <input type="hidden" name="next" value={next} />}
      {fields.map(({ name, label, type, autoComplete, hint }) => (
        <div key={name}>
          <label htmlFor={name} className="mb-1 block text-[0.95rem]">
            {label}
          </label>
          <input
            id={name}
            name={name}
            type={type}
            autoComplete={autoComplete}
            required
            maxLength={type === 'email' ? 254 : 128}
            defaultValue={type === 'email' ? state.email : undefined}
            key={`${name}/${state.turn}`}
            aria-invalid={state.errors[name] ? true : undefined}
            aria-describedby={state.errors[name] || hint ? `${name}-note` : undefined}
            className="field"
          />
          <FieldNote id={`${name}-note`} error={state.errors[name]} hint={hint} />
        </div>
      ))}
      <button className="button" disabled={pending}>
        {pending ? busy : button}
      </button>
    </form>
  );
}
