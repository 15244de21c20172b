'use client';

import { Trouble } from '@/components/Trouble';
import './globals.css';

export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Something jammed – Oddgrain</title>
        <main>
          <Trouble digest={error.digest} retry={() => window.location.reload()} />
        </main>
      </body>
    </html>
  );
}
