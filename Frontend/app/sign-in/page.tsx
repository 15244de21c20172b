import type { Metadata } from 'next';
import Link from 'next/link';
import { submitSignIn } from '@/app/account/actions';
import { AccountForm } from '@/components/AccountForm';
import { wayBack } from '@/lib/account-form';
import { refusalWords } from '@/lib/refusals';

export const metadata: Metadata = { title: 'Sign in', robots: { index: false } };

const fields = [
  { name: 'email', label: 'Email', type: 'email', autoComplete: 'username' },
  { name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password' },
] as const;

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const search = await searchParams;
  const ended = search.ended !== undefined;
  return (
    <div className="sheet pt-10 sm:pt-16">
      <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">Sign in</h1>
      <p className="mb-8 mt-5 max-w-[34rem] text-[1.15rem]">
        To see your orders, and to find your basket again on another device. You never need an account to order.
      </p>
      <AccountForm
        action={submitSignIn}
        fields={fields}
        button="Sign in"
        busy="Signing in…"
        next={wayBack(String(search.next ?? ''))}
        {...(ended && { notice: refusalWords('accounts.session-ended') })}
      />
      <p className="mt-8">
        No account yet?{' '}
        <Link href="/register" className="link">
          Open one
        </Link>
      </p>
    </div>
  );
}
