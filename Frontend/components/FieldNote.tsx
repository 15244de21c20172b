/** What is said below a field: what is wrong with what was entered, otherwise what belongs there. Both at once would say the same twice. */
export function FieldNote({ id, error, hint }: { id: string; error?: string | undefined; hint?: string | undefined }) {
  if (!error && !hint) return null;
  return (
    <p id={id} className={`label mt-1 ${error ? 'text-warn' : 'text-soft'}`}>
      {error || hint}
    </p>
  );
}
