import type { Metadata } from 'next';
import Link from 'next/link';
import { submitRegistration } from '@/app/account/actions';
import { AccountForm } from '@/components/AccountForm';
import { minPassword } from '@/lib/account-form';

export const metadata: Metadata = { title: 'Open an account', robots: { index: false } };

const fields = [
  { name: 'email', label: 'Email', type: 'email', autoComplete: 'username' },
  {
    name: 'password', label: 'Password', type: 'password', autoComplete: 'new-password',
    hint: `At least ${minPassword} characters. A few words in a row are easy to remember.`,
  },
] as const;

export default function RegisterPage() {
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">Open an account</h1>
      <p className="mb-8 mt-5 max-w-[34rem] text-[1.15rem]">
        We keep your email address, your orders and your basket in it, and nothing else.
      </p>
      <AccountForm action={submitRegistration} fields={fields} button="Open the account" busy="Opening your account…" />
      <p className="mt-8">
        You have one already?{' '}
        <Link href="/sign-in" className="link">
          Sign in
        </Link>
      </p>
    </div>
  );
}
