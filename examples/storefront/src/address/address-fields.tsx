import { useState } from 'react';

import { toPlace, type Draft } from '../draft.ts';
import { Field } from '../field.tsx';
import { useAddressVerification } from './use-address-verification.ts';
import { VerificationNote, type Suggestion } from './verification-note.tsx';

interface Props {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** The recipient and their address, which is verified while it is typed. */
export function AddressFields({ draft, onChange }: Props) {
  const [accepted, setAccepted] = useState<string>();
  const verification = useAddressVerification(toPlace(draft), accepted);
  const accept = ({ street1, street2, city, state, postalCode }: Suggestion) => {
    const place = {
      street1: street1 ?? '',
      street2: street2 ?? '',
      city: city ?? '',
      state: state ?? '',
      postalCode: postalCode ?? '',
    };
    setAccepted(JSON.stringify(toPlace({ ...draft, ...place })));
    onChange(place);
  };
  const bind = (name: 'name' | 'phone' | 'street1' | 'street2' | 'city' | 'state' | 'postalCode') => ({
    name,
    value: draft[name],
    onChange: ({ target }: { target: HTMLInputElement }) => onChange({ [name]: target.value }),
  });
  return (
    <fieldset>
      <legend>Recipient</legend>
      <div className="fields">
        <Field label="Full name" required autoComplete="name" className="wide" {...bind('name')} />
        <Field label="Phone" required type="tel" autoComplete="tel" className="wide" {...bind('phone')} />
        <Field label="Street" required autoComplete="address-line1" className="wide" {...bind('street1')} />
        <Field
          label="Apartment, suite (optional)"
          autoComplete="address-line2"
          className="wide"
          {...bind('street2')}
        />
        <Field label="City" required autoComplete="address-level2" className="wide" {...bind('city')} />
        <Field label="State" required autoComplete="address-level1" {...bind('state')} />
        <Field
          label="ZIP code"
          required
          autoComplete="postal-code"
          inputMode="numeric"
          {...bind('postalCode')}
        />
      </div>
      <VerificationNote {...verification} onAccept={accept} />
    </fieldset>
  );
}
