import { useId, type ComponentProps } from 'react';

/** A labelled text field. */
export function Field({ label, className, ...input }: { label: string } & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className={`field ${className ?? ''}`}>
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} />
    </div>
  );
}

/** A labelled choice of a few values, by their texts. */
export function Choice({
  label,
  options,
  ...select
}: { label: string; options: Readonly<Record<string, string>> } & ComponentProps<'select'>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} {...select}>
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
