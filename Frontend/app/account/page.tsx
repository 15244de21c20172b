import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { AccountForm } from '@/components/AccountForm';
import { OrderList } from '@/components/OrderList';
import { currentSession, listMyOrders } from '@/lib/api';
import { minPassword } from '@/lib/account-form';
import { ApiFailure } from '@/lib/failures';
import { refusalWords } from '@/lib/refusals';
import { hasSession } from '@/lib/session';
import { submitPassword, submitSignOut } from './actions';

export const metadata: Metadata = { title: 'Your account', robots: { index: false } };

const fields = [
  { name: 'currentPassword', label: 'Present password', type: 'password', autoComplete: 'current-password' },
  {
    name: 'newPassword', label: 'New password', type: 'password', autoComplete: 'new-password',
    hint: `At least ${minPassword} characters.`,
  },
] as const;

export default async function AccountPage({ searchParams }: PageProps<'/account'>) {
  const { cursor } = await searchParams;
  const found = await readAccount(typeof cursor === 'string' ? cursor : undefined);
  if (found === 'away') return <SessionsAway />;
  if (!found) redirect((await hasSession()) ? '/sign-in?ended' : '/sign-in');
  const { session, orders } = found;
  return (
    <div className="sheet pt-10 sm:pt-16">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div>
          <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">Your account</h1>
          <p className="mt-3 break-all font-display text-soft">{session.email}</p>
        </div>
        <SignOut />
      </div>
      <div className="mt-10 grid gap-x-16 gap-y-14 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <section aria-labelledby="orders">
          <h2 id="orders" className="mb-5 text-2xl">
            Orders
          </h2>
          <OrderList page={orders} />
        </section>
        <section aria-labelledby="password" className="self-start border-t-2 border-ink pt-5">
          <h2 id="password" className="mb-5 text-2xl">
            Password
          </h2>
          <AccountForm action={submitPassword} fields={fields} button="Change the password" busy="Changing it…" />
        </section>
      </div>
    </div>
  );
}

async function readAccount(cursor: string | undefined) {
  try {
    const session = await currentSession();
    const orders = session && (await listMyOrders(cursor));
    return orders ? { session, orders } : null;
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 'accounts.sessions-away') return 'away';
    throw error;
  }
}

function SignOut() {
  return (
    <form action={submitSignOut}>
      <button className="button button-quiet">Sign out</button>
    </form>
  );
}

function SessionsAway() {
  return (
    <div className="sheet pt-12 sm:pt-20">
      <h1 className="text-[clamp(2.4rem,6vw,4.5rem)]">Your account rests</h1>
      <p className="mt-5 max-w-[34rem] text-[1.15rem]">{refusalWords('accounts.sessions-away')}</p>
      <div className="mt-8 flex flex-wrap gap-4">
        <Link href="/products" className="button">
          See all pieces
        </Link>
        <SignOut />
      </div>
    </div>
  );
}
