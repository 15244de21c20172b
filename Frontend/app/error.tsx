'use client';

import { Trouble } from '@/components/Trouble';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <Trouble digest={error.digest} retry={reset} />;
}
