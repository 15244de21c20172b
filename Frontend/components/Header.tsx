import Link from 'next/link';
import { shopName } from '@/lib/site';
import { BasketLink } from './BasketLink';
import { Mark } from './Mark';

const links = [
  { href: '/products', label: 'All pieces' },
  { href: '/collections', label: 'Collections' },
  { href: '/about', label: 'How it is made' },
];

export function Header() {
  return (
    <header className="border-b border-line">
      <div className="sheet flex flex-wrap items-center gap-x-2 py-3 sm:gap-x-8 sm:flex-nowrap sm:py-4">
        <Link href="/" className="flex min-h-11 items-center gap-2.5 font-display text-[1.35rem] font-[640] tracking-tight">
          <Mark className="size-6 max-[22rem]:hidden" />
          {shopName}
        </Link>
        <nav aria-label="Shop" className="order-last w-full sm:order-none sm:w-auto">
          <ul className="-mx-2 max-[22rem]:-mx-1 flex gap-x-1 text-[0.95rem] sm:mx-0 sm:gap-x-3">
            {links.map((link) => (
              <li key={link.href}>
                <Link
                  href={link.href}
                  className="flex min-h-11 items-center px-2 max-[22rem]:px-1 underline-offset-[0.35em] hover:text-spot hover:underline"
                >
                  {link.label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Link
          href="/account"
          prefetch={false}
          className="ml-auto flex min-h-11 items-center px-1 font-display text-[0.95rem] underline-offset-[0.35em] hover:text-spot hover:underline"
        >
          Account
        </Link>
        <BasketLink />
      </div>
    </header>
  );
}
